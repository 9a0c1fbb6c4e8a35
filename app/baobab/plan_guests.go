package baobab

import (
	"fmt"
	"strings"
	"time"

	"guestlist/app/invitedguest"
	"guestlist/app/tags"
	"guestlist/app/text"
)

func (p *plan) planTags(rows []tagRow, translations []translationRow) {
	known := map[int64]bool{}
	for _, row := range rows {
		known[row.ID] = true
	}
	names := p.names("tag_translation", "tag", translations, known)
	for _, row := range rows {
		p.tagOf[row.ID] = nil
		event, why := p.event(row.EventID)
		if why == "" {
			why = p.planTag(row, event, names[row.ID])
		}
		if why != "" {
			p.report.skipf(tagsKind, "tag", row.ID, "%s", why)
		}
	}
}

// planTag plans a tag of an event, or returns why it is skipped.
func (p *plan) planTag(row tagRow, event *plannedEvent, texts translated) (why string) {
	tag := &plannedTag{id: row.ID, event: event}
	tag.Tag = tags.Tag{EventID: row.EventID, TagType: row.TagType, Name: texts.names, Description: text.Translations{}}
	if strings.Join(values(texts.texts), "") != "" { // a tag needs no description
		tag.Description = texts.descriptions(&tag.mends)
	}
	wrong := tags.Check(&tag.Tag)
	tag.mends = append(tag.mends, mend(wrong, map[string]*string{"tag_type": &tag.TagType})...)
	if wrong["description"] != "" {
		tag.Description = text.Translations{}
		tag.mends = append(tag.mends, "imported without its description, which "+wrong["description"])
	}
	if wrong = tags.Check(&tag.Tag); len(wrong) > 0 {
		return wrong.Words()
	}
	if !row.Active {
		tag.RemovedAt = &p.now
	}
	for _, other := range event.tags {
		if other.Same(&tag.Tag) {
			p.tagOf[row.ID] = other
			return fmt.Sprintf("tag %d says the same, and its guests get that one", other.id)
		}
	}
	p.tagOf[row.ID] = tag
	event.tags = append(event.tags, tag)
	return ""
}

func values(texts text.Translations) (list []string) {
	for _, value := range texts {
		list = append(list, strings.TrimSpace(value))
	}
	return list
}

func (p *plan) planGuests(rows []guestRow) {
	type invitation struct {
		event *plannedEvent
		email string
	}
	seen := map[invitation]*plannedGuest{}
	for _, row := range rows {
		p.guestOf[row.ID] = nil
		event, email, why := p.both(row.EventID, row.UserID)
		if problem := invitedguest.CheckRole(row.Role); why == "" && problem != "" {
			why = "role " + problem
		}
		if first := seen[invitation{event, email}]; why == "" && first != nil {
			why = fmt.Sprintf("invited_guest %d invites %s to the event %s already, as %q; this one, as %q, leaves "+
				"its tags to it",
				first.id, email, event.Key, first.role, row.Role)
			p.guestOf[row.ID] = first
			if first.acceptedAt == nil {
				first.acceptedAt = p.answered(row.AcceptedAt)
			}
		}
		if why != "" {
			p.report.skipf(guests, "invited_guest", row.ID, "%s", why)
			continue
		}
		guest := &plannedGuest{id: row.ID, event: event, email: email, role: row.Role, acceptedAt: p.answered(row.AcceptedAt)}
		seen[invitation{event, email}], p.guestOf[row.ID] = guest, guest
		event.guests = append(event.guests, guest)
	}
}

func (p *plan) planGuestTags(rows []guestTagRow) {
	type mark struct {
		guest *plannedGuest
		tag   *plannedTag
	}
	seen := map[mark]int64{}
	for _, row := range rows {
		guest, knownGuest := p.guestOf[row.GuestID]
		tag, knownTag := p.tagOf[row.TagID]
		why := missing("invited_guest", row.GuestID, knownGuest, guest == nil)
		if why == "" {
			why = missing("tag", row.TagID, knownTag, tag == nil)
		}
		if why == "" && tag.event != guest.event {
			why = fmt.Sprintf("tag %d is of another event than invited_guest %d", row.TagID, row.GuestID)
		}
		if first, twice := seen[mark{guest, tag}]; why == "" && twice {
			why = fmt.Sprintf("invited_guest_tag %d says the same", first)
		}
		if why != "" {
			p.report.skipf(guestTags, "invited_guest_tag", row.ID, "%s", why)
			continue
		}
		seen[mark{guest, tag}] = row.ID
		guest.tags = append(guest.tags, plannedGuestTag{row.ID, tag})
	}
}

// answered returns when a guest accepted, or now if the original does not record when.
func (p *plan) answered(at *time.Time) *time.Time {
	if at != nil && at.IsZero() {
		return &p.now
	}
	return storable(at)
}
