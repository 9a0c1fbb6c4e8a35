package graph

import (
	"fmt"
	"slices"
	"strings"
)

// A revision may replace others: it makes all their changes, and their files are removed. Their ids are still in
// databases, and in revisions that colleagues have written.
//
//   - A parent or dependency that is replaced means the revision that replaces it.
//   - A database that has the last replaced id has all of them, as an id implies its ancestors, and so has the
//     replacing revision. A database that has only some of the others must first be upgraded to the last one, by a
//     program that still has them.
//   - As a target, the last replaced id means the replacing revision, since both lead to the same state. The others are
//     no longer targets.

// end returns the last id that the revision replaces, or "".
func (r *revision) end() string {
	if len(r.Replaces) == 0 {
		return ""
	}
	return r.Replaces[len(r.Replaces)-1]
}

// nameReplaced records the replaced ids, and resolves them where they are parents or dependencies.
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

// replacing returns the names, with the replacing revision for each replaced one.
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

// ownerOf returns the revision whose id or label is the name, or that replaces it.
func (g *Graph) ownerOf(name string) (int, bool) {
	rev, ok := g.names[name]
	if !ok {
		rev, ok = g.replaced[name]
	}
	return rev, ok
}

// exact returns the revision that a name with an owner means as a target. A replaced id means none unless it is the end
// of what replaces it.
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

// checkMiddle returns a [MiddleError] if the ids include some that a revision replaces, but not its end. revs are the
// revisions of the ids.
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

// Recorded returns the revisions that the ids record: by their own id, or by the last one they replace.
func (g *Graph) Recorded(ids []string) []string {
	revs, _ := g.known(ids)
	return g.ids(revs)
}

// WithReplaced returns the ids and those that their revisions replace, which a table of applied ids may contain too.
func (g *Graph) WithReplaced(ids []string) []string {
	all := slices.Clone(ids)
	for _, id := range ids {
		if rev, ok := g.names[id]; ok {
			all = append(all, g.revs[rev].Replaces...)
		}
	}
	return all
}

// MiddleError is a database that has some of the revisions that another one replaces, but not the last.
type MiddleError struct {
	Revision, File string
	Has, Replaces  []string // oldest first
}

func (e *MiddleError) Error() string {
	return fmt.Sprintf("the database has only some of the revisions that %s replaces: %s of %s",
		named(e.Revision, e.File), shortened(e.Has), shortened(e.Replaces))
}

// Hint says what to do about it.
func (e *MiddleError) Hint() string {
	return fmt.Sprintf("upgrade it to %s with the old program, which still has that revision;"+
		" if it has every change of %[2]s already, {db} stamp %[2]s",
		e.Replaces[len(e.Replaces)-1], e.Revision)
}

// shortened lists ids; of more than ten, it lists the first three and the last.
func shortened(ids []string) string {
	const most = 10
	if n := len(ids); n > most {
		return fmt.Sprintf("%s, ..., %s (%d)", strings.Join(ids[:3], ", "), ids[n-1], n)
	}
	return strings.Join(ids, ", ")
}

// ReplacedPresentError is a revision that exists although another replaces it.
type ReplacedPresentError struct{ ID, File, By, ByFile string }

func (e *ReplacedPresentError) Error() string {
	return fmt.Sprintf("Revision %s is present although %s replaces it", named(e.ID, e.File), named(e.By, e.ByFile))
}

// Hint says what to do about it.
func (e *ReplacedPresentError) Hint() string {
	return fmt.Sprintf("remove %s, which a merge in version control may have restored; later changes to it go into a"+
		" new revision", orID(e.File, e.ID))
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
	return "keep the deployed one, remove the other, and restore the revisions that only the other replaced"
}

func orID(file, id string) string {
	if file == "" {
		return id
	}
	return file
}
