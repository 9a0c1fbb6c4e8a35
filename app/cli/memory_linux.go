package cli

import (
	"fmt"
	"os"
	"strings"
	"syscall"
)

// forgetStart drops the pages of the program's file from the process's memory: starting uses some 30 MB of them, and
// serving requests only 6. The system reloads pages that are used again, from its cache.
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

// unchanged returns the mappings of a file that are read-only and have not been modified, from the text of smaps
// (proc(5)). A debugger's breakpoint, for example, modifies a mapping.
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
