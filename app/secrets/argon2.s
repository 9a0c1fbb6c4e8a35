// The compiler accepts functions without a body, as in argon2.go, only in a package with a file in assembly.
