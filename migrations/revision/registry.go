package revision

import (
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// Registry is a set of revisions. It takes anything: whether the revisions make a sound history is found out when
// they are put together, where it can be told as one clear error. It is safe for concurrent use.
type Registry struct {
	mutex     sync.Mutex
	revisions []Revision
}

// standard holds the revisions of the program. It is the one global, as files that register themselves need one.
var standard = NewRegistry()

// NewRegistry returns an empty registry.
func NewRegistry() *Registry { return &Registry{} }

// Default returns the registry that Register adds to.
func Default() *Registry { return standard }

// Register adds a revision of the program. File becomes the name of the calling file.
func Register(r Revision) {
	r.File = callingFile()
	standard.Register(r)
}

// Register adds a revision. Where File is empty, it becomes the name of the calling file.
func (r *Registry) Register(added Revision) {
	if added.File == "" {
		added.File = callingFile()
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.revisions = append(r.revisions, added)
}

// Revisions lists the revisions by file name: the order in which they count as loaded.
func (r *Registry) Revisions() []Revision {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	sorted := slices.Clone(r.revisions)
	slices.SortStableFunc(sorted, func(a, b Revision) int { return strings.Compare(a.File, b.File) })
	return sorted
}

// callingFile returns the base name of the file that calls the function that calls it.
func callingFile() string {
	_, file, _, _ := runtime.Caller(2)
	return path.Base(filepath.ToSlash(file))
}
