package pgtest

import "syscall"

// memory is the folder that Linux keeps in memory, where it has four gigabytes
// free: a database is some 700 files, and a disk takes as long to make them as
// a test takes. Otherwise it is empty, which is the usual temporary folder.
func memory() string {
	const folder, enough = "/dev/shm", 4 << 30
	var space syscall.Statfs_t
	if syscall.Statfs(folder, &space) != nil || space.Bavail*uint64(space.Bsize) < enough {
		return ""
	}
	return folder
}
