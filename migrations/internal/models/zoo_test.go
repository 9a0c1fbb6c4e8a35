package models_test

import (
	"database/sql"
	"encoding/json"
	"net"
	"time"

	"gorm.io/datatypes"
	"gorm.io/gorm"
	gormschema "gorm.io/gorm/schema"
)

// The models below use nearly every tag and relation that GORM knows.

type kinds struct {
	ID        uint
	Bool      bool    `gorm:"default:true"`
	Int       int     `gorm:"default:-7"`
	Int8      int8    `gorm:"not null;default:0"`
	Int16     int16   `gorm:"column:small"`
	Int32     int32   `gorm:"comment:it's a number"`
	Int64     int64   `gorm:"size:16"`
	Uint      uint    `gorm:"default:0x10"`
	Uint8     uint8   `gorm:"check:uint8 < 200"`
	Uint16    uint16  `gorm:"check:chk_sixteen,uint16 <> 7"`
	Uint32    uint32  `gorm:"type:int"`
	Uint64    uint64  `gorm:"default:18446744073709551615;type:numeric(20)"`
	Float32   float32 `gorm:"default:1.50"`
	Float64   float64 `gorm:"precision:12;scale:3"`
	Money     float64 `gorm:"precision:8"`
	String    string  `gorm:"size:32;default:it's \"quoted\""`
	Empty     string  `gorm:"default:''"`
	Null      *string `gorm:"default:NULL"`
	Long      string  `gorm:"size:4294967295"`
	Bytes     []byte
	Time      time.Time  `gorm:"precision:3"`
	Pointer   *time.Time `gorm:"default:2020-01-02 03:04:05"`
	Now       time.Time  `gorm:"default:CURRENT_TIMESTAMP"`
	NullTime  sql.NullTime
	NullText  sql.NullString `gorm:"size:20"`
	NullInt   sql.NullInt32
	NullBool  sql.NullBool  `gorm:"default:false"`
	Char      string        `gorm:"type:char(3);not null"`
	Date      time.Time     `gorm:"type:date"`
	Inet      string        `gorm:"type:inet"`
	JSONB     string        `gorm:"type:jsonb;default:'{}'"`
	Wait      time.Duration `gorm:"default:5"`
	Ignored   string        `gorm:"-"`
	All       string        `gorm:"-:all"`
	Virtual   string        `gorm:"-:migration"`
	ReadOnly  string        `gorm:"->"`
	WriteOnly string        `gorm:"<-:create"`
	private   string        //nolint:unused // is no column
	CreatedAt int64         `gorm:"autoCreateTime:milli"`
	UpdatedAt time.Time
	DeletedAt gorm.DeletedAt `gorm:"index"`
}

type level int32

func (l level) String() string { return "level" }

type color string

// more has fields whose Go types and type tags disagree, and other unusual tags.
type more struct {
	// Not unique too: see TestGORMLosesAUniqueConstraint.
	ID       int64     `gorm:"primaryKey;autoIncrement:false"`
	Level    level     `gorm:"default:3"`
	Color    color     `gorm:"size:8;default:red"`
	Enum     string    `gorm:"type:varchar(20);default:abc"`
	Flag     string    `gorm:"type:boolean;default:true"`
	Stamp    time.Time `gorm:"type:timestamp;default:CURRENT_TIMESTAMP"`
	Clock    time.Time `gorm:"type:time"`
	AsBytes  string    `gorm:"type:bytes"`
	AsString int       `gorm:"type:string;size:7"`
	AsFloat  string    `gorm:"type:float"`
	AsUint   string    `gorm:"type:uint"`
	AsInt    string    `gorm:"type:INT;size:16"`
	IP       net.IP
	Raw      json.RawMessage `gorm:"type:json"`
	Array    []string        `gorm:"type:text[];serializer:json;default:'{}'"`
	Numeric  string          `gorm:"type:numeric(12,4);not null;default:0"`
	Double   float64         `gorm:"type:double precision;default:-0.5"`
	Real     float32         `gorm:"scale:3"`
	Zero     float64         `gorm:"precision:6;scale:0;default:1e3"`
	Odd      int             `gorm:"size:24"`
	Bad      string          `gorm:"size:large"`
	Rune     rune            `gorm:"not null;default:-2147483648"`
	Word     uintptr         `gorm:"-"`
	Quoted   string          `gorm:"default:'it''s'"`
	Spaces   string          `gorm:"default: padded "`
	Function string          `gorm:"default:(lower('ABC'))"`
	Colon    string          `gorm:"default:a:b;comment:a: b, c"`
	Yes      bool            `gorm:"default:1;NOT NULL"`
	Created  uint32          `gorm:"autoCreateTime"`
	Wide     string          `gorm:"column:weiß"`
	Time3    *time.Time      `gorm:"precision:3;default:2020-02-03T04:05:06.789Z"`
	Any      sql.Null[int64] `gorm:"default:7"`
}

// generic is a model with a type parameter.
type generic[T any] struct {
	ID    int64
	Value T `gorm:"not null;index"`
}

type uid [16]byte

func (uid) GormDataType() string { return "uuid" }

type place struct{ Lat, Lng float64 }

func (place) GormDataType() string { return "place" }

func (place) GormDBDataType(db *gorm.DB, _ *gormschema.Field) string {
	if db.Name() == "postgres" {
		return "point"
	}
	return "text"
}

type onlyPostgres string

func (onlyPostgres) GormDBDataType(db *gorm.DB, _ *gormschema.Field) string {
	if db.Name() == "postgres" {
		return "varchar(7)"
	}
	return ""
}

func (onlyPostgres) GormDataType() string { return "string" }

type custom struct {
	UID      uid `gorm:"primaryKey"`
	Domain   onlyPostgres
	Place    place             `gorm:"not null"`
	JSON     datatypes.JSON    `gorm:"default:'{\"a\": [1, 2]}'"`
	Map      datatypes.JSONMap `gorm:"not null"`
	Day      datatypes.Date
	Clock    datatypes.Time
	UUID     datatypes.UUID `gorm:"type:uuid;uniqueIndex"`
	Tags     []string       `gorm:"serializer:json"`
	Settings map[string]any `gorm:"serializer:json;type:jsonb"`
	Secret   string         `gorm:"serializer:gob;type:bytes"`
	Slice    datatypes.JSONSlice[string]
	Type     datatypes.JSONType[place]
}

type exported struct {
	Base
	Home Address  `gorm:"embedded;embeddedPrefix:home_"`
	Work *Address `gorm:"embedded;embeddedPrefix:work_"`
	gorm.Model
	*Audit
}

type Audit struct {
	ChangedBy string `gorm:"index;size:40;check:changed_by <> ''"`
}

type Base struct {
	Key       string    `gorm:"primaryKey;size:40"`
	CreatedAt time.Time `gorm:"index"`
}

type Address struct {
	Street string `gorm:"size:80;index"`
	Zip    string `gorm:"size:10;unique"`
}

type indexed struct {
	ID       int64
	Simple   string `gorm:"index"`
	Named    string `gorm:"index:idx_named"`
	Unique   string `gorm:"uniqueIndex"`
	Single   string `gorm:"unique"`
	First    string `gorm:"index:idx_pair,priority:2;index:idx_triple,unique"`
	Second   string `gorm:"index:idx_pair,priority:1,sort:desc;index:idx_triple"`
	Third    string `gorm:"index:idx_triple,sort:desc;uniqueIndex:idx_partial,where:third <> '' AND second IS NOT NULL"`
	Lower    string `gorm:"index:idx_lower,expression:lower(lower);index:,composite:both"`
	Upper    string `gorm:"uniqueIndex:idx_upper,expression:upper(upper) DESC;index:,composite:both"`
	Optioned string `gorm:"index:idx_class,class:UNIQUE;index:idx_concurrent,option:CONCURRENTLY"`
	Several  string `gorm:"index;uniqueIndex:idx_several;index:idx_several_where,where:several LIKE 'a:b%'"`
}

type postgresIndexed struct {
	ID      int64
	Doc     string `gorm:"type:jsonb;index:idx_doc,type:gin"`
	Hashed  string `gorm:"index:,type:hash"`
	Filled  string `gorm:"index:idx_filled,option:WITH (fillfactor = 70)"`
	Nulls   string `gorm:"uniqueIndex:idx_nulls,option:NULLS NOT DISTINCT"`
	Collate string `gorm:"index:idx_collate,collate:\"C\",sort:desc nulls last"`
	Total   int64  `gorm:"generated:id * 2"`
	Number  int64  `gorm:"generated:identity always"`
}

type nocaseIndexed struct {
	ID      int64
	Collate string `gorm:"index:idx_nocase,collate:NOCASE,sort:desc"`
}

type composite struct {
	Left  string `gorm:"primaryKey;size:8"`
	Right int64  `gorm:"primaryKey;autoIncrement:false"`
	Note  string
}

type counted struct {
	Code   string `gorm:"primaryKey"`
	Number int32  `gorm:"autoIncrement"`
}

type keyless struct{ Name, Value string }

type bigKey struct {
	ID uint32 `gorm:"type:bigint;primaryKey;autoIncrement"`
}

type smallKey struct {
	ID int16 `gorm:"primaryKey"`
}

type stringKey struct {
	ID   string `gorm:"primaryKey;size:26;default:gen_id()"`
	Name string
}

type company struct {
	ID        int64
	Name      string `gorm:"size:64;uniqueIndex"`
	Employees []employee
	Boss      *employee `gorm:"foreignKey:BossOfID"`
}

type employee struct {
	ID        int64
	CompanyID *int64
	BossOfID  *int64
	ManagerID *int64
	Manager   *employee  `gorm:"constraint:OnUpdate:CASCADE,OnDelete:SET NULL"`
	Team      []employee `gorm:"foreignkey:ManagerID"`
	DeskCode  string     `gorm:"size:8"`
	Desk      desk       `gorm:"references:Code;constraint:fk_sits_at,OnDelete:RESTRICT"`
	ParentID  int64
	Parent    *company    `gorm:"constraint:-"`
	Skills    []skill     `gorm:"many2many:employee_skills;constraint:OnDelete:CASCADE"`
	Friends   []*employee `gorm:"many2many:friendships"`
	Projects  []project   `gorm:"many2many:assignments"`
	Photos    []photo     `gorm:"polymorphic:Owner"`
	Cover     photo       `gorm:"polymorphicType:OwnerType;polymorphicId:OwnerID;polymorphicValue:cover"`
	Badge     badge
}

type desk struct {
	ID   int64
	Code string `gorm:"size:8;unique"`
}

type badge struct {
	Number     string `gorm:"primaryKey;size:12"`
	EmployeeID int64  `gorm:"uniqueIndex;not null"`
}

type skill struct {
	Name      string     `gorm:"primaryKey;size:32"`
	Employees []employee `gorm:"many2many:employee_skills"`
}

type project struct {
	ID   uint32
	Name string
}

type assignment struct {
	EmployeeID int64  `gorm:"primaryKey;autoIncrement:false"`
	ProjectID  uint32 `gorm:"primaryKey;autoIncrement:false"`
	Role       string `gorm:"size:16;not null;default:member"`
	Since      time.Time
}

type photo struct {
	ID        int64
	OwnerID   int64  `gorm:"index:idx_owner"`
	OwnerType string `gorm:"size:20;index:idx_owner"`
}

// Circular references.
type author struct {
	ID         int64
	FavoriteID *int64
	Favorite   *book
	Books      []book
}

type book struct {
	ID       int64
	AuthorID int64 `gorm:"not null"`
	SequelID *int64
	Sequel   *book
	Covers   []cover `gorm:"constraint:OnDelete:CASCADE"`
}

type cover struct {
	ID     int64
	BookID int64
	Front  *book `gorm:"foreignKey:BookID"`
}

// Keys of several columns.
type country struct {
	Code string `gorm:"primaryKey;size:2"`
	Lang string `gorm:"primaryKey;size:2"`
}

type city struct {
	ID          int64
	CountryCode string    `gorm:"size:2"`
	CountryLang string    `gorm:"size:2"`
	Country     country   `gorm:"foreignKey:CountryCode,CountryLang;references:Code,Lang"`
	Countries   []country `gorm:"many2many:city_countries"`
}

// Relations in embedded structs.
type Audit2 struct {
	CreatedByID *int64 `gorm:"index"`
	CreatedBy   *tabled
}

type Contact struct {
	ManagerID int64
	Manager   *tabled `gorm:"constraint:OnDelete:CASCADE"`
}

type invoice struct {
	ID int64
	Audit2
	Billing Contact `gorm:"embedded;embeddedPrefix:billing_"`
	Lines   []line  `gorm:"foreignKey:InvoiceNumber;references:Number"`
	Number  string  `gorm:"size:20;uniqueIndex"`
	First   *line   `gorm:"foreignKey:InvoiceNumber;references:Number;constraint:-"`
}

type line struct {
	ID            datatypes.UUID `gorm:"type:uuid;primaryKey"`
	InvoiceNumber string         `gorm:"size:20"`
	Audit2
}

type tabled struct{ ID int64 }

func (tabled) TableName() string { return "a_table" }

type namedByNamer struct {
	ID   int64
	Name string `gorm:"column:The Name;index"`
}

func (namedByNamer) TableName(n gormschema.Namer) string { return n.TableName("prefix") + "_own" }

type aVeryLongModelNameThatGoesOnAndOnAndOn struct {
	ID                                      int64
	AnotherVeryLongNameThatGoesOnAndOnAndOn string `gorm:"index;unique;check:another_very_long_name_that_goes_on_and_on_and_on <> ''"`
	OtherID                                 int64
	Other                                   *tabled
}

type aVeryLongModelNameThatGoesOnAndOnAndOnAlone struct {
	ID                                      int64
	AnotherVeryLongNameThatGoesOnAndOnAndOn string `gorm:"index;unique;check:another_very_long_name_that_goes_on_and_on_and_on <> ''"`
}

// novelist and novel have a relation that does not mention the name of either table.
type novelist struct {
	ID     int64
	Name   string  `gorm:"uniqueIndex"`
	Novels []novel `gorm:"foreignKey:WriterID;constraint:OnDelete:CASCADE"`
}

type novel struct {
	ID       int64
	WriterID int64 `gorm:"index"`
}

// labelled has indexes and constraints without any column names in SQL.
type labelled struct {
	ID    int64
	Code  string  `gorm:"size:8;unique;check:true"`
	First string  `gorm:"index:,composite:both;uniqueIndex"`
	Last  string  `gorm:"index:,composite:both"`
	Home  Address `gorm:"embedded;embeddedPrefix:home_"`
}
