package models_test

// inlined has type tags that contain more than a type.
type inlined struct {
	ID    int64  `gorm:"type:BIGINT NOT NULL;primaryKey"`
	Words string `gorm:"type:text DEFAULT 'it''s' NOT NULL"`
	Code  string `gorm:"type:varchar(9) UNIQUE"`
	Plus  int    `gorm:"type:int CHECK (plus > 0) DEFAULT 3;comment:positive"`
	Null  *int   `gorm:"type:integer NULL"`
	Named string `gorm:"type:varchar(8) CONSTRAINT named_there NOT NULL;default:x;index"`
	Self  *int64 `gorm:"type:bigint REFERENCES inlineds (id) ON DELETE SET NULL"`
	Sum   int    `gorm:"type:int GENERATED ALWAYS AS (plus + 1) STORED"`
}
