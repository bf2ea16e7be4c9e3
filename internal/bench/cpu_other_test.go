//go:build !unix

package bench

import "time"

// cpuUsed is not known here; what is made of it is 0.
func cpuUsed() time.Duration { return 0 }
