//go:build unix

package browsertest

import (
	"os/exec"
	"syscall"
)

// ownGroup takes the keeper out of the terminal's group: an interrupt typed at
// the test must not end it before its work.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
