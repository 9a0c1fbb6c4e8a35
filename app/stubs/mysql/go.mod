module gorm.io/driver/mysql

go 1.26

require (
	github.com/go-sql-driver/mysql v1.8.1
	gorm.io/gorm v1.30.0
)
