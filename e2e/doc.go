// Package e2e lives Lectern in a real browser: the real program, started with
// its demonstration, and pages that people click, type and read. Everything is
// in the tests; what they stand on is in browsertest.
package e2e
