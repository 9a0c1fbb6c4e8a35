package events

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"guestlist/app/secrets"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// API answers the requests of this feature.
type API struct {
	db      *gorm.DB
	cursors *secrets.Cursors
	roles   []string // that can be granted
}

// NewAPI returns an API on db. Beside the roles that every event knows, there are the roles named.
func NewAPI(db *gorm.DB, cursors *secrets.Cursors, roles []string) *API {
	return &API{db: db, cursors: cursors, roles: append(BuiltInRoles(), roles...)}
}

// Create stores an event, of which the caller becomes the administrator: 201 with the event in all languages.
func (a *API) Create(c *gin.Context) error {
	var body eventBody
	if err := utils.Decode(c, &body); err != nil {
		return err
	}
	ctx, event := c.Request.Context(), &body.event
	err := a.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := create(tx, event); err != nil {
			return err
		}
		_, err := a.grant(c, tx, event.ID, users.Current(c), Administrator)
		return err
	})
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, inAll(event))
	return nil
}

// Read answers an event: 200 with the event in all languages.
func (a *API) Read(c *gin.Context) error {
	var query byID
	if err := utils.DecodeQuery(c, &query); err != nil {
		return err
	}
	event, err := Find(c.Request.Context(), a.db, query.ID)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, inAll(event))
	return nil
}

// ReadByKey answers an event: 200 with the event in one language.
func (a *API) ReadByKey(c *gin.Context) error {
	var query byKey
	if err := utils.DecodeQuery(c, &query); err != nil {
		return err
	}
	language, err := utils.Language(c, "")
	if err != nil {
		return err
	}
	event, err := FindByKey(c.Request.Context(), a.db, query.Key)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, in(event, language))
	return nil
}

// Update replaces all that an event is, for its administrators: 200 with the event in all languages.
func (a *API) Update(c *gin.Context) error {
	var body eventBody
	if err := utils.Decode(c, &body); err != nil {
		return err
	}
	id := byID{body.ID}
	if id.ID == 0 {
		if err := utils.DecodeQuery(c, &id); err != nil {
			return err
		}
	} else if err := id.Validate().Err(); err != nil {
		return err
	}
	ctx, event := c.Request.Context(), &body.event
	err := a.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		current, err := lock(tx, id.ID)
		if err != nil {
			return err
		}
		if err := Admin(ctx, tx, users.Current(c), id.ID); err != nil {
			return err
		}
		event.ID, event.CreatedAt = current.ID, current.CreatedAt
		return tx.Select("*").Updates(event).Error
	})
	if err != nil {
		return keyError(ctx, a.db, event, err)
	}
	c.JSON(http.StatusOK, inAll(event))
	return nil
}
