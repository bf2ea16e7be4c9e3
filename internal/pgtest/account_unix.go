//go:build unix

package pgtest

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// account is who runs the server: Postgres refuses to run as root. The zero
// value is ourselves.
type account struct{ credential *syscall.Credential }

// ownAccount chooses who runs the server and gives the folder to them.
func ownAccount(dir string) (account, error) {
	if os.Geteuid() != 0 {
		return account{}, nil
	}
	who, err := user.Lookup("postgres")
	if err != nil {
		who, err = user.Lookup("nobody")
	}
	if err != nil {
		return account{}, fmt.Errorf("an account to run Postgres, which refuses root: %w", err)
	}
	uid, _ := strconv.ParseUint(who.Uid, 10, 32)
	gid, _ := strconv.ParseUint(who.Gid, 10, 32)
	return account{&syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, os.Chown(dir, int(uid), int(gid))
}

// apply lets a program run as the account, in a process group of its own: an
// interrupt typed at the test must not end the keeper before its work.
func (a account) apply(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: a.credential, Setpgid: true}
}
