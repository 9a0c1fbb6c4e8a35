package invitedguest

import (
	"context"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"guestlist/app/tags"
	"guestlist/app/utils"
)

// counts answers how many guests an event has.
type counts struct {
	EventID  int64            `json:"event_id"`
	Total    int64            `json:"total"`
	ByStatus map[Status]int64 `json:"by_status"`
	ByRole   map[string]int64 `json:"by_role"`
	ByTag    []tagCount       `json:"by_tag"` // every tag of the event
}

type tagCount struct {
	TagID  int64  `json:"tag_id"`
	Name   string `json:"name"`
	Guests int64  `json:"guests"`
}

// Count answers how many guests an event has, by status, role and tag: 200.
func (a *API) Count(c *gin.Context) error {
	var request oneEvent
	if err := utils.DecodeQuery(c, &request); err != nil {
		return err
	}
	language, err := utils.Language(c, "")
	if err != nil {
		return err
	}
	if err := a.administers(c, request.EventID); err != nil {
		return err
	}
	answer, err := count(c.Request.Context(), a.db, request.EventID, language)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, answer)
	return nil
}

func count(ctx context.Context, db *gorm.DB, eventID int64, language string) (counts, error) {
	answer := counts{
		EventID: eventID, ByStatus: map[Status]int64{Invited: 0, Accepted: 0, Declined: 0}, ByRole: map[string]int64{}, ByTag: []tagCount{},
	}
	var groups []struct {
		Role   string
		Status Status
		Guests int64
	}
	of := func() *gorm.DB {
		return db.WithContext(ctx).Model(&InvitedGuest{}).Joins(withUsers).Where("invited_guests.event_id = ?", eventID)
	}
	err := of().Select("role, status, count(*) AS guests").Group("role, status").Find(&groups).Error
	if err != nil {
		return counts{}, fmt.Errorf("count guests: %w", err)
	}
	for _, g := range groups {
		answer.Total += g.Guests
		answer.ByStatus[g.Status] += g.Guests
		answer.ByRole[g.Role] += g.Guests
	}
	var tagged []tagCount
	err = of().Select("tag_id, count(*) AS guests").Group("tag_id").
		Joins("JOIN invited_guest_tags ON invited_guest_tags.invited_guest_id = invited_guests.id").Find(&tagged).Error
	if err != nil {
		return counts{}, fmt.Errorf("count the guests with tags: %w", err)
	}
	having := map[int64]int64{}
	for _, t := range tagged {
		having[t.TagID] = t.Guests
	}
	var all []tags.Tag
	if err := db.WithContext(ctx).Where("event_id = ?", eventID).Order("id").Find(&all).Error; err != nil {
		return counts{}, fmt.Errorf("find the tags of an event: %w", err)
	}
	for _, t := range all {
		answer.ByTag = append(answer.ByTag, tagCount{t.ID, t.Name.In(language), having[t.ID]})
	}
	return answer, nil
}
