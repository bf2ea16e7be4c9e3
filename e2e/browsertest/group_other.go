//go:build !unix

package browsertest

import "os/exec"

func ownGroup(*exec.Cmd) {}
