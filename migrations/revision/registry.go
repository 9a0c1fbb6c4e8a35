package revision

import (
	"embed"
	"io/fs"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// Registry is a history: the revisions of one directory, and the files that declare them. It accepts any revisions;
// whether they make a sound history is checked when they are put together, where it can be reported as one clear
// error. It is safe for concurrent use.
type Registry struct {
	sources fs.FS

	mutex     sync.Mutex
	revisions []Revision
}

// NewRegistry returns a registry without revisions. The sources are the files that declare them, embedded in the
// program: the messages and dates in their comments are printed by the commands, and the files on disk are compared
// with them. nil means that the program has none.
func NewRegistry(sources fs.FS) *Registry {
	if sources == nil {
		sources = embed.FS{}
	}
	return &Registry{sources: sources}
}

// Register adds a revision. Where File is empty, it becomes the name of the calling file.
func (r *Registry) Register(added Revision) {
	if added.File == "" {
		_, file, _, _ := runtime.Caller(1)
		added.File = path.Base(filepath.ToSlash(file))
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.revisions = append(r.revisions, added)
}

// Revisions returns the revisions sorted by file name, which is the order in which they count as loaded.
func (r *Registry) Revisions() []Revision {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	sorted := slices.Clone(r.revisions)
	slices.SortStableFunc(sorted, func(a, b Revision) int { return strings.Compare(a.File, b.File) })
	return sorted
}

// Sources returns the files that declare the revisions.
func (r *Registry) Sources() fs.FS { return r.sources }
