package graph

import (
	"fmt"
	"slices"
	"strings"
)

// A revision may replace others: it does in one what they did, and their files are gone. Their ids are still in
// databases, in revisions that colleagues have written, and in people's heads.
//
//   - Where a revision names one of them as its parent or dependency, the replacing revision is meant.
//   - A database that has the last of them, where all of them lead, has the replacing revision: as an id implies its
//     ancestors, it has them all. One that has some of the others only is in the middle, and has to get to the end with
//     the program that still knows them.
//   - Typed, the last of them is the replacing revision, since the two are the same place. There is no such place for
//     the others any more.

// end is the last id that the revision replaces, empty if it replaces none.
func (r *revision) end() string {
	if len(r.Replaces) == 0 {
		return ""
	}
	return r.Replaces[len(r.Replaces)-1]
}

// nameReplaced notes the ids that are replaced, and has those who name them name what replaces them.
func (g *Graph) nameReplaced() error {
	for i := range g.revs {
		r := &g.revs[i]
		for _, id := range r.Replaces {
			if present, ok := g.names[id]; ok {
				return &ReplacedPresentError{ID: id, File: g.revs[present].File, By: r.ID, ByFile: r.File}
			}
		}
	}
	for i := range g.revs {
		r := &g.revs[i]
		for _, id := range r.Replaces {
			if first, taken := g.replaced[id]; taken {
				f := &g.revs[first]
				return &ReplacedTwiceError{ID: id, By: [2]string{f.ID, r.ID}, Files: [2]string{f.File, r.File}}
			}
			g.replaced[id] = i
		}
	}
	for i := range g.revs {
		r := &g.revs[i]
		r.Down, r.DependsOn = g.replacing(r.Down), g.replacing(r.DependsOn)
	}
	return nil
}

// replacing returns the names with what has taken the place of those that are replaced.
func (g *Graph) replacing(names []string) []string {
	if len(g.replaced) == 0 {
		return names
	}
	var out []string
	for _, name := range names {
		if rev, ok := g.replaced[name]; ok {
			name = g.revs[rev].ID
		}
		out = appendNew(out, name)
	}
	return out
}

// ownerOf returns the revision that has the name as its id or label, or that replaces it.
func (g *Graph) ownerOf(name string) (int, bool) {
	rev, ok := g.names[name]
	if !ok {
		rev, ok = g.replaced[name]
	}
	return rev, ok
}

// exact returns the revision of a name that has an owner. It is no place any more if it was replaced by something that
// goes further.
func (g *Graph) exact(name string) (int, error) {
	rev, ok := g.names[name]
	if ok {
		return rev, nil
	}
	rev = g.replaced[name]
	r := &g.revs[rev]
	if r.end() == name {
		return rev, nil
	}
	return noRevision, &UnknownRevisionError{
		Argument: name, ReplacedBy: r.ID,
		Reason: fmt.Sprintf("%s was replaced by %s", name, named(r.ID, r.File)),
	}
}

// checkMiddle returns a [MiddleError] if the ids, which are those of revs, have some of what a revision replaces, but
// not its end.
func (g *Graph) checkMiddle(ids []string, revs []int) error {
	if len(g.replaced) == 0 {
		return nil
	}
	for _, id := range ids {
		rev, ok := g.replaced[id]
		if !ok || slices.Contains(revs, rev) {
			continue
		}
		r := &g.revs[rev]
		var has []string
		for _, old := range r.Replaces {
			if slices.Contains(ids, old) {
				has = append(has, old)
			}
		}
		return &MiddleError{Revision: r.ID, File: r.File, Has: has, Replaces: slices.Clone(r.Replaces)}
	}
	return nil
}

// Recorded returns the revisions that a table of applied ids has by their own ids or by the last that they replace.
func (g *Graph) Recorded(ids []string) []string {
	revs, _ := g.known(ids)
	return g.ids(revs)
}

// WithReplaced adds to the ids of revisions those that they replace: what a table of applied ids may have of them.
func (g *Graph) WithReplaced(ids []string) []string {
	all := slices.Clone(ids)
	for _, id := range ids {
		if rev, ok := g.names[id]; ok {
			all = append(all, g.revs[rev].Replaces...)
		}
	}
	return all
}

// MiddleError is a database that has some of the revisions that another has replaced, but not the last of them.
type MiddleError struct {
	Revision, File string
	Has, Replaces  []string // oldest first
}

func (e *MiddleError) Error() string {
	return fmt.Sprintf("the database is in the middle of what revision %s replaces: it has %s of %s",
		named(e.Revision, e.File), shortened(e.Has), shortened(e.Replaces))
}

// Hint says what to do about it.
func (e *MiddleError) Hint() string {
	return fmt.Sprintf("upgrade it to %s with the old program, which still has that revision;"+
		" where it has all that %[2]s does already, {db} stamp %[2]s",
		e.Replaces[len(e.Replaces)-1], e.Revision)
}

// shortened lists ids, of many the first and the last.
func shortened(ids []string) string {
	const most = 10
	if n := len(ids); n > most {
		return fmt.Sprintf("%s, ..., %s (%d)", strings.Join(ids[:3], ", "), ids[n-1], n)
	}
	return strings.Join(ids, ", ")
}

// ReplacedPresentError is a revision that is there although another replaces it.
type ReplacedPresentError struct{ ID, File, By, ByFile string }

func (e *ReplacedPresentError) Error() string {
	return fmt.Sprintf("Revision %s is present although %s replaces it", named(e.ID, e.File), named(e.By, e.ByFile))
}

// Hint says what to do about it.
func (e *ReplacedPresentError) Hint() string {
	return fmt.Sprintf("remove %s, which a merge in version control may have brought back; what was changed in it since"+
		" goes into a new revision", orID(e.File, e.ID))
}

// ReplacedTwiceError is a revision that two others replace.
type ReplacedTwiceError struct {
	ID        string
	By, Files [2]string // in load order
}

func (e *ReplacedTwiceError) Error() string {
	return fmt.Sprintf("Revision %s is replaced by %s and by %s",
		e.ID, named(e.By[0], e.Files[0]), named(e.By[1], e.Files[1]))
}

// Hint says what to do about it.
func (e *ReplacedTwiceError) Hint() string {
	return "keep the one that is deployed; remove the other, and get back from version control what only that replaced"
}

func orID(file, id string) string {
	if file == "" {
		return id
	}
	return file
}
