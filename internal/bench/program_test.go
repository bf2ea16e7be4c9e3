package bench

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"
)

// program measures G12 on the program itself, over the seeded database: its
// size, how soon it answers, and its memory, at rest and under load.
func program(b *testing.B, h *house) {
	binary := filepath.Join(b.TempDir(), "lectern")
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", binary, "lectern/cmd/lectern")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("build: %v\n%s", err, out)
	}
	size, err := os.Stat(binary)
	if err != nil {
		b.Fatal(err)
	}
	var starts []int64
	for range 5 {
		p := run(b, binary, h)
		starts = append(starts, p.ready.Milliseconds())
		p.stop()
	}
	p := run(b, binary, h)
	time.Sleep(time.Second) // at rest: nothing happens in this second
	idle, own := p.memory(b, "VmRSS"), p.memory(b, "RssAnon")
	l := load{addr: p.addr, conns: 64}
	for _, path := range h.lists()["item"][:20] {
		l.requests = append(l.requests, wires(p.addr, append(h.byToken(admin, path, "/api/v1/proposals"), h.bySession(admin, "/proposals")))...)
	}
	f := l.run(b, 4*time.Second)
	peak := p.memory(b, "VmHWM")
	p.stop()
	where := fmt.Sprintf(", %s, %dk", h.kind.name, h.size/1000)
	tell := func(what, limit string, value, most int64, unit string) {
		results.add(line{"G12", what, limit, fmt.Sprintf("%d %s", value, unit), "", "", met(value <= most)})
	}
	if h.kind.name == "sqlite" {
		tell("program, stripped", "≤ 40 MB", size.Size()/1e6, 40, "MB")
	}
	tell("start to the first answer"+where, "≤ 150 ms", median(starts), 150, "ms")
	tell("memory at rest"+where, "≤ 30 MB", idle, 30, "MB")
	results.add(line{"G12", "of it not pages of the program's own file" + where, "(told)", fmt.Sprintf("%d MB", own), "", "", ""})
	tell(fmt.Sprintf("memory at most, 64 connections, %.0f answers/s", f.rate)+where, "≤ 100 MB", peak, 100, "MB")
	b.ReportMetric(0, "ns/op")
}

// process is a running Lectern.
type process struct {
	cmd   *exec.Cmd
	addr  string
	ready time.Duration // from its start to its first answer
}

func run(b *testing.B, binary string, h *house) *process {
	b.Helper()
	free := listen(b)
	p := &process{addr: free.Addr().String()}
	_ = free.Close()
	p.cmd = exec.Command(binary, "serve")
	p.cmd.Env = []string{"LECTERN_DATABASE=" + h.address, "LECTERN_DATA=" + b.TempDir(), "LECTERN_ADDR=" + p.addr, "LECTERN_SECRET=" + key, "LECTERN_LOG_LEVEL=warn"}
	began := time.Now()
	if err := p.cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(p.stop)
	for time.Since(began) < 20*time.Second {
		if p.answers() {
			p.ready = time.Since(began)
			return p
		}
		time.Sleep(time.Millisecond)
	}
	b.Fatal("the program does not answer")
	return nil
}

func (p *process) answers() bool {
	conn, err := net.Dial("tcp", p.addr)
	if err != nil {
		return false
	}
	_ = conn.Close()
	client := http.Client{Timeout: time.Second}
	res, err := client.Get("http://" + p.addr + "/healthz")
	if err != nil {
		return false
	}
	_ = res.Body.Close()
	return res.StatusCode == http.StatusOK
}

// stop ends the program; it may have ended before.
func (p *process) stop() {
	if p.cmd.ProcessState == nil {
		_ = p.cmd.Process.Kill()
		_ = p.cmd.Wait()
	}
}

// memory is a figure of the program's memory in MB, 0 where the system does not tell.
func (p *process) memory(b *testing.B, name string) int64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	m := regexp.MustCompile(name + `:\s+(\d+) kB`).FindSubmatch(status)
	if m == nil {
		return 0
	}
	kb, _ := strconv.ParseInt(string(m[1]), 10, 64)
	return kb / 1000
}
