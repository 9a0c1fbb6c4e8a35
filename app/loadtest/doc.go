// Package loadtest benchmarks the built program in its own process, over loopback, against servers that do the same
// with less around it. They take turns in rounds of about a second, so that other load on the machine affects all
// alike:
//
//	bare    net/http with pgx on PostgreSQL, database/sql on SQLite: checks a token's signature and selects its user
//	shared  the same, but concurrent reads share a round trip to the database (PostgreSQL)
//	gin     the same on Gin, with a GORM that keeps its statements prepared
//
// None of them has the program's limits, request ids, log lines, headers, deadlines and other checks. The benchmark and
// the database run on the same processors.
//
//	go test -run xxx -bench Read -benchtime 20x ./app/loadtest
//
// With -benchtime 20x, each result is the median of 20 rounds. TEST_DATABASE_URL adds PostgreSQL to SQLite, and
// LOADTEST_PROGRAM names another build to measure, such as one from before a change.
package loadtest
