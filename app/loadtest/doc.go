// Package loadtest holds the benchmarks of the program as built: a process of its own, over loopback, beside others
// that
// do the same with less around it. Those take turns with it in rounds of a second or so, so that whatever else the
// machine is doing disturbs all alike:
//
//	bare    net/http with pgx on PostgreSQL, database/sql on SQLite: checks a token's signature and selects its user
//	shared  the same, but concurrent reads share a round trip to the database (PostgreSQL)
//	gin     the same on Gin, with a GORM that keeps its statements prepared
//
// None of them has the limits, request ids, log lines, headers, deadlines and other checks that the program has. The
// load comes from the benchmark, on the same processors, as does the database's work.
//
//	go test -run xxx -bench Read -benchtime 20x ./app/loadtest
//
// With -benchtime 20x, each measure is the median of 20 rounds. TEST_DATABASE_URL adds PostgreSQL to SQLite, and
// LOADTEST_PROGRAM names another build of the program to measure instead, such as one from before a change.
package loadtest
