package invitedguest

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"guestlist/app/tags"
)

func countGuests(ctx context.Context, db *gorm.DB, eventID int64, language string) (Counts, error) {
	answer := Counts{
		EventID: eventID, ByStatus: map[Status]int64{Invited: 0, Accepted: 0, Declined: 0}, ByRole: map[string]int64{},
		ByTag:        []TagCount{},
		ByMailStatus: map[MailStatus]int64{},
	}
	for _, status := range mailStatuses {
		answer.ByMailStatus[status] = 0
	}
	var groups []struct {
		Role   string
		Status Status
		Mailed MailStatus
		Guests int64
	}
	of := func() *gorm.DB {
		return db.WithContext(ctx).Model(&InvitedGuest{}).Joins(joinUsers).Where("invited_guests.event_id = ?", eventID)
	}
	err := of().Select("role, status, " + mailStatusSQL + " AS mailed, count(*) AS guests").
		Group("role, status, mailed").Find(&groups).Error
	if err != nil {
		return Counts{}, fmt.Errorf("count guests: %w", err)
	}
	for _, g := range groups {
		answer.Total += g.Guests
		answer.ByStatus[g.Status] += g.Guests
		answer.ByRole[g.Role] += g.Guests
		answer.ByMailStatus[g.Mailed] += g.Guests
	}
	var tagged []TagCount
	err = of().Select("tag_id, count(*) AS guests").Group("tag_id").
		Joins("JOIN invited_guest_tags ON invited_guest_tags.invited_guest_id = invited_guests.id").Find(&tagged).Error
	if err != nil {
		return Counts{}, fmt.Errorf("count the guests with tags: %w", err)
	}
	having := map[int64]int64{}
	for _, t := range tagged {
		having[t.TagID] = t.Guests
	}
	var all []tags.Tag
	if err := tags.Active(db.WithContext(ctx)).Where("event_id = ?", eventID).Order("id").Find(&all).Error; err != nil {
		return Counts{}, fmt.Errorf("find the tags of an event: %w", err)
	}
	for _, t := range all {
		answer.ByTag = append(answer.ByTag, TagCount{t.ID, t.Name.In(language), having[t.ID]})
	}
	return answer, nil
}
