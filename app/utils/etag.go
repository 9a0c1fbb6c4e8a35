package utils

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// ETag returns the entity tag (RFC 9110, 8.8.3) of stored rows: a hash of their exported fields, with times truncated
// to microseconds, which all databases store. It is the same in every instance, language and release with the same
// rows, and needs no version column. It identifies the state that an editor has read, not the bytes of a response, so
// it is for If-Match, not for caches.
func ETag(rows ...any) (string, error) {
	content, err := json.Marshal(rows, json.Deterministic(true), json.WithMarshalers(json.MarshalToFunc(
		func(out *jsontext.Encoder, t time.Time) error {
			return out.WriteToken(jsontext.Int(t.UnixMicro()))
		},
	)))
	if err != nil {
		return "", fmt.Errorf("make an entity tag: %w", err)
	}
	sum := sha256.Sum256(content)
	return `"` + base64.RawURLEncoding.EncodeToString(sum[:16]) + `"`, nil
}

// SendETag sets the response's ETag header.
func SendETag(c *gin.Context, tag string) { c.Header("ETag", tag) }

type ifMatchKey struct{}

// KeepIfMatch stores the If-Match header in the request's context, for CheckIfMatch.
func KeepIfMatch(c *gin.Context) {
	if values := c.Request.Header.Values("If-Match"); len(values) > 0 {
		ctx := context.WithValue(c.Request.Context(), ifMatchKey{}, strings.Join(values, ","))
		c.Request = c.Request.WithContext(ctx)
	}
}

// IfMatch reports whether the request has an If-Match header. Without one, a service need not compute a tag.
func IfMatch(ctx context.Context) bool { return ctx.Value(ifMatchKey{}) != nil }

// entityTag matches an entity tag, and entityTags a list of them: RFC 9110, 8.8.3 and 5.6.1.
var (
	entityTag  = regexp.MustCompile(`(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"`)
	entityTags = regexp.MustCompile(`^[ \t,]*(?:` + entityTag.String() + `[ \t]*(?:,[ \t,]*|$))+$`)
)

// CheckIfMatch returns nil if the request has no If-Match header, or one that is * or includes tag, the current tag of
// the resource. Otherwise it returns ErrChangedMeanwhile, or FieldErrors if the header is not a list of tags. The
// comparison is strong (RFC 9110, 13.1.1), so weak tags match nothing. Call it in the transaction that changes the
// resource, with the tag of locked rows.
func CheckIfMatch(ctx context.Context, tag string) error {
	header, ok := ctx.Value(ifMatchKey{}).(string)
	if !ok || strings.Trim(header, " \t") == "*" {
		return nil
	}
	if !entityTags.MatchString(header) {
		return FieldErrors{"If-Match": `must be * or entity tags, in quotes, as an ETag header has them`}
	}
	if !slices.Contains(entityTag.FindAllString(header, -1), tag) {
		return ErrChangedMeanwhile
	}
	return nil
}
