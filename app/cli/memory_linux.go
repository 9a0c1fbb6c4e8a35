package cli

import (
	"fmt"
	"os"
	"strings"
	"syscall"
)

// forgetStart takes the pages of the program's file out of the process's memory, of which the start has used some
// 30 MB, and requests use 6. Those that are used again come back from the system's cache by themselves.
func forgetStart() {
	file, err := os.Executable()
	if err != nil {
		return
	}
	maps, err := os.ReadFile("/proc/self/smaps")
	if err != nil {
		return
	}
	for _, m := range unchanged(string(maps), file) {
		_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, m.start, m.end-m.start, syscall.MADV_DONTNEED)
	}
}

type mapping struct{ start, end uintptr }

// unchanged returns those mappings of a file, out of the text of smaps (proc(5)), that cannot be written to and hold
// nothing but what is in the file. A debugger's break point, for one, is a change.
func unchanged(smaps, file string) (result []mapping) {
	var m mapping
	ours := false
	for line := range strings.Lines(smaps) {
		fields := strings.Fields(line)
		switch {
		case len(fields) < 2:
		case strings.Contains(fields[0], "-"):
			_, err := fmt.Sscanf(fields[0], "%x-%x", &m.start, &m.end)
			ours = err == nil && len(fields) == 6 && fields[5] == file && (fields[1] == "r-xp" || fields[1] == "r--p")
		case ours && fields[0] == "Anonymous:" && fields[1] == "0":
			result = append(result, m)
		}
	}
	return result
}
