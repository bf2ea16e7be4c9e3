//go:build !unix

package pgtest

import "os/exec"

// account is always ourselves where there is no Unix.
type account struct{}

func ownAccount(string) (account, error) { return account{}, nil }

func (account) apply(*exec.Cmd) {}
