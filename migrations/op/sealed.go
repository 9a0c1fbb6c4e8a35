package op

func (*CreateTable) sealed()        {}
func (*DropTable) sealed()          {}
func (*RenameTable) sealed()        {}
func (*CommentTable) sealed()       {}
func (*AddColumn) sealed()          {}
func (*DropColumn) sealed()         {}
func (*AlterColumn) sealed()        {}
func (*RenameColumn) sealed()       {}
func (*CommentColumn) sealed()      {}
func (*CreateIndex) sealed()        {}
func (*DropIndex) sealed()          {}
func (*RenameIndex) sealed()        {}
func (*AddPrimaryKey) sealed()      {}
func (*DropPrimaryKey) sealed()     {}
func (*AddUnique) sealed()          {}
func (*DropUnique) sealed()         {}
func (*AddCheck) sealed()           {}
func (*DropCheck) sealed()          {}
func (*AddForeignKey) sealed()      {}
func (*DropForeignKey) sealed()     {}
func (*RenameConstraint) sealed()   {}
func (*ValidateCheck) sealed()      {}
func (*ValidateForeignKey) sealed() {}
func (*SQL) sealed()                {}
func (*Run) sealed()                {}
func (*Batches) sealed()            {}
