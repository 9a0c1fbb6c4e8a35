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

// Registry is a history: the revisions of one directory, and the files that declare them. It accepts any revisions; the
// commands check that they form a valid history. It is safe for concurrent use.
type Registry struct {
	sources fs.FS

	mutex     sync.Mutex
	revisions []Revision
}

// NewRegistry returns an empty registry. sources are the embedded files that declare the revisions: the commands print
// the messages and dates in their comments, and compare them with the files on disk. nil means none.
func NewRegistry(sources fs.FS) *Registry {
	if sources == nil {
		sources = embed.FS{}
	}
	return &Registry{sources: sources}
}

// Register adds a revision. If File is empty, it is set to the name of the calling file.
func (r *Registry) Register(added Revision) {
	if added.File == "" {
		_, file, _, _ := runtime.Caller(1)
		added.File = path.Base(filepath.ToSlash(file))
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.revisions = append(r.revisions, added)
}

// Revisions returns the revisions in load order: sorted by file name.
func (r *Registry) Revisions() []Revision {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	sorted := slices.Clone(r.revisions)
	slices.SortStableFunc(sorted, func(a, b Revision) int { return strings.Compare(a.File, b.File) })
	return sorted
}

// Sources returns the files that declare the revisions.
func (r *Registry) Sources() fs.FS { return r.sources }
