package loadtest

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/golang-jwt/jwt/v5"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"gorm.io/gorm"

	"guestlist/app/database"
)

// connections is the number of connections to the database, for peers as for the program.
const connections = 10

// row has the columns of a user that peers read.
type row struct {
	ID              int64  `json:"id"`
	Email           string `json:"email"`
	Firstname       string `json:"firstname"`
	Lastname        string `json:"lastname"`
	UserTitle       string `json:"user_title"`
	TokenGeneration int64  `json:"-"`
}

func (row) TableName() string { return "users" }

const selectRow = `SELECT id, email, firstname, lastname, user_title, token_generation FROM users
WHERE id = $1 AND deleted_at IS NULL AND blocked_at IS NULL
AND NOT EXISTS (SELECT 1 FROM revoked_tokens WHERE token_id = $2)`

func (r *row) fields() []any {
	return []any{&r.ID, &r.Email, &r.Firstname, &r.Lastname, &r.UserTitle, &r.TokenGeneration}
}

// tokenClaims has the claims of a token that peers read.
type tokenClaims struct {
	ID        int64  `json:"id"`
	TokenID   string `json:"jti"`
	ExpiresAt int64  `json:"exp"`
}

// newPeer returns a peer of a kind listed in the package documentation.
func newPeer(kind, address string) (http.Handler, error) {
	if kind == "gin" {
		return newGin(address)
	}
	if strings.HasPrefix(address, "sqlite") {
		read, err := sqliteReader(address)
		return bare(read), err
	}
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, err
	}
	config.MaxConns = connections
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		return nil, err
	}
	if kind == "shared" {
		s := &sharing{pool: pool, wanted: make(chan wanted, 1024)}
		go s.run()
		return bare(s.read), nil
	}
	return bare(func(ctx context.Context, claims tokenClaims, r *row) error {
		return pool.QueryRow(ctx, selectRow, claims.ID, claims.TokenID).Scan(r.fields()...) // prepared by the first call
	}), nil
}

// sqliteReader reads with a prepared statement, on connections with the program's options.
func sqliteReader(address string) (reader, error) {
	db, err := database.Open(address, database.Options{PoolSize: connections})
	if err != nil {
		return nil, err
	}
	pool, err := db.DB()
	if err != nil {
		return nil, err
	}
	statement, err := pool.Prepare(selectRow) //nolint:sqlclosecheck // open until the process ends
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, claims tokenClaims, r *row) error {
		return statement.QueryRowContext(ctx, claims.ID, claims.TokenID).Scan(r.fields()...)
	}, nil
}

// reader reads the user of a token.
type reader func(ctx context.Context, claims tokenClaims, r *row) error

// bare returns a net/http handler around a reader.
func bare(read reader) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		claims, ok := verify(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
		if !ok {
			w.WriteHeader(http.StatusUnauthorized)
			_ = json.NewEncoder(w).Encode(map[string]string{"message": "A valid token is needed.", "type": "UNAUTHORIZED"})
			return
		}
		var user row
		if err := read(r.Context(), claims, &user); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		_ = json.NewEncoder(w).Encode(user)
	})
}

func verify(token string) (claims tokenClaims, ok bool) {
	signed, signature, _ := cutLast(token)
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(signed))
	given, err := base64.RawURLEncoding.DecodeString(signature)
	if err != nil || !hmac.Equal(given, mac.Sum(nil)) {
		return claims, false
	}
	_, payload, _ := strings.Cut(signed, ".")
	text, err := base64.RawURLEncoding.DecodeString(payload)
	if err != nil || json.Unmarshal(text, &claims) != nil {
		return claims, false
	}
	return claims, claims.ExpiresAt > time.Now().Unix()
}

func cutLast(token string) (signed, signature string, ok bool) {
	i := strings.LastIndexByte(token, '.')
	if i < 0 {
		return token, "", false
	}
	return token[:i], token[i+1:], true
}

// sharing combines concurrent reads into one round trip.
type sharing struct {
	pool   *pgxpool.Pool
	wanted chan wanted
}

type wanted struct {
	claims tokenClaims
	row    *row
	done   chan error
}

func (s *sharing) read(_ context.Context, claims tokenClaims, r *row) error {
	w := wanted{claims, r, make(chan error, 1)}
	s.wanted <- w
	return <-w.done
}

func (s *sharing) run() {
	for first := range s.wanted {
		all := []wanted{first}
		for len(s.wanted) > 0 {
			all = append(all, <-s.wanted)
		}
		var batch pgx.Batch
		for _, w := range all {
			batch.Queue(selectRow, w.claims.ID, w.claims.TokenID)
		}
		results := s.pool.SendBatch(context.Background(), &batch)
		for _, w := range all {
			w.done <- results.QueryRow().Scan(w.row.fields()...)
		}
		_ = results.Close()
	}
}

// newGin returns a handler that does the same with Gin and GORM, tuned as their documentation advises.
func newGin(address string) (http.Handler, error) {
	db, err := database.Open(address, database.Options{PoolSize: connections})
	if err != nil {
		return nil, err
	}
	db = db.Session(&gorm.Session{PrepareStmt: true, SkipDefaultTransaction: true})
	gin.SetMode(gin.ReleaseMode)
	router := gin.New()
	router.GET("/api/v1/user", func(c *gin.Context) {
		claims, err := parse(strings.TrimPrefix(c.GetHeader("Authorization"), "Bearer "))
		if err != nil {
			c.AbortWithStatusJSON(http.StatusUnauthorized, gin.H{"message": "A valid token is needed.", "type": "UNAUTHORIZED"})
			return
		}
		var user row
		err = db.WithContext(c.Request.Context()).Select("id", "email", "firstname", "lastname", "user_title",
			"token_generation").
			Where("id = ? AND deleted_at IS NULL AND blocked_at IS NULL", claims["id"]).
			Where("NOT EXISTS (SELECT 1 FROM revoked_tokens WHERE token_id = ?)", claims["jti"]).Take(&user).Error
		if errors.Is(err, sql.ErrNoRows) || err != nil {
			c.AbortWithStatusJSON(http.StatusInternalServerError, gin.H{"message": err.Error()})
			return
		}
		c.JSON(http.StatusOK, user)
	})
	return router, nil
}

func parse(token string) (jwt.MapClaims, error) {
	claims := jwt.MapClaims{}
	_, err := jwt.ParseWithClaims(token, claims, func(*jwt.Token) (any, error) { return []byte(key), nil },
		jwt.WithValidMethods([]string{"HS256"}), jwt.WithExpirationRequired())
	if err == nil {
		claims["id"] = int64(claims["id"].(float64))
	}
	return claims, err
}
