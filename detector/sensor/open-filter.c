/* SPDX-License-Identifier: Apache-2.0 */
#include "open-filter.h"

#include <string.h>

static const char *problem_with_head(const struct open_filter *head)
{
	if (head->width == 0 || head->width > 256)
		return "its table has an impossible width";
	if (head->rows == 0 || head->rows > FILTER_CELLS / head->width)
		return "its table is too large, or empty";
	if (head->states < head->rows || head->states > FILTER_STATES || head->start >= head->rows)
		return "it has impossible states";
	for (size_t byte = 0; byte < sizeof(head->columns); byte++)
		if (head->columns[byte] >= head->width || (head->columns[byte] == 0) != (byte == 0))
			return "a byte has an impossible column";
	return NULL;
}

/* Only the end of a path, which is column 0, may lead to a state without a row. */
static const char *problem_with_table(const struct open_filter_parts *parts)
{
	const struct open_filter *head = &parts->head;

	for (size_t cell = 0; cell < parts->next_size / sizeof(__u16); cell++) {
		__u16 next;

		memcpy(&next, (const char *)parts->next + cell * sizeof(next), sizeof(next));
		if (next >= (cell % head->width == 0 ? head->states : head->rows))
			return "its table leads out of itself";
	}
	return NULL;
}

const char *open_filter_read(const void *bytes, size_t size, struct open_filter_parts *parts)
{
	const struct open_filter *head = &parts->head;
	const char *problem;

	if (size < sizeof(*head))
		return "it is cut off";
	memcpy(&parts->head, bytes, sizeof(*head));
	problem = problem_with_head(head);
	if (problem)
		return problem;
	parts->groups_size = head->states * sizeof(__u64);
	parts->next_size = (size_t)head->rows * head->width * sizeof(__u16);
	if (size != sizeof(*head) + parts->groups_size + parts->next_size)
		return "its tables are not as long as it says";
	parts->groups = (const char *)bytes + sizeof(*head);
	parts->next = (const char *)parts->groups + parts->groups_size;
	return problem_with_table(parts);
}
