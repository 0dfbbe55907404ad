/*
 * Debian trixie's static libelf (elfutils 0.192) calls four functions of elfutils' internal libeu, which no package
 * carries: a search tree with a lock. Here they are without the lock, on libc's tsearch(3); the sensor has one thread.
 * The tree's first member is its root.
 */
#define _GNU_SOURCE
#include <search.h>
#include <stddef.h>

typedef int (*compare_fn)(const void *, const void *);

void eu_search_tree_init(void **tree) { *tree = NULL; }

void eu_search_tree_fini(void **tree, void (*free_node)(void *)) { tdestroy(*tree, free_node); }

void *eu_tsearch(const void *key, void **tree, compare_fn compare) { return tsearch(key, tree, compare); }

void *eu_tdelete(const void *key, void **tree, compare_fn compare) { return tdelete(key, tree, compare); }
