// Package ext is where Traefik's configuration can be extended; this build extends nothing.
package ext

// HTTP adds no options to an HTTP configuration.
type HTTP struct{}

// Router adds no options to a router.
type Router struct{}
