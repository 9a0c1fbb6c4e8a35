package database

import (
	"context"
	"log/slog"
	"time"

	"gorm.io/gorm/logger"
)

// slow is the duration from which a query is worth a warning.
const slow = 200 * time.Millisecond

// queryLogger logs slow queries as warnings, and every query at debug level, without the values, which include password
// hashes and addresses. It does not log failed queries: the code that handles the error knows whether it was expected,
// and logs it once.
type queryLogger struct{ log *slog.Logger }

func newLogger(log *slog.Logger) logger.Interface {
	if log == nil {
		return logger.Discard
	}
	return queryLogger{log}
}

// LogMode implements logger.Interface; the level is slog's.
func (l queryLogger) LogMode(logger.LogLevel) logger.Interface { return l }

// Info implements logger.Interface.
func (l queryLogger) Info(ctx context.Context, message string, _ ...any) {
	l.log.InfoContext(ctx, message)
}

// Warn implements logger.Interface.
func (l queryLogger) Warn(ctx context.Context, message string, _ ...any) {
	l.log.WarnContext(ctx, message)
}

// Error implements logger.Interface.
func (l queryLogger) Error(ctx context.Context, message string, _ ...any) {
	l.log.ErrorContext(ctx, message)
}

// Trace implements logger.Interface: GORM calls it after every query.
func (l queryLogger) Trace(ctx context.Context, begin time.Time, query func() (string, int64), _ error) {
	level, message := slog.LevelDebug, "query"
	elapsed := time.Since(begin)
	if elapsed >= slow {
		level, message = slog.LevelWarn, "slow query"
	}
	if !l.log.Enabled(ctx, level) {
		return
	}
	statement, rows := query()
	l.log.LogAttrs(ctx, level, message,
		slog.String("sql", statement), slog.Int64("rows", rows), slog.Duration("duration", elapsed))
}

// ParamsFilter implements gorm.ParamsFilter: it leaves every value out of the logged SQL.
func (queryLogger) ParamsFilter(_ context.Context, statement string, _ ...any) (string, []any) {
	return statement, nil
}
