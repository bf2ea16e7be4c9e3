//go:build !linux

package pgtest

// memory is the usual temporary folder.
func memory() string { return "" }
