// Package udp stands in for flannel's UDP backend, whose C code needs a C compiler at build time; labs use host-gw.
package udp
