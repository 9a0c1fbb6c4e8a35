package op

// Kind tells the kinds of operations apart.
type Kind int

// The kinds of operations.
const (
	KindCreateTable Kind = iota
	KindDropTable
	KindRenameTable
	KindCommentTable
	KindAddColumn
	KindDropColumn
	KindAlterColumn
	KindRenameColumn
	KindCommentColumn
	KindCreateIndex
	KindDropIndex
	KindRenameIndex
	KindAddPrimaryKey
	KindDropPrimaryKey
	KindAddUnique
	KindDropUnique
	KindAddCheck
	KindDropCheck
	KindAddForeignKey
	KindDropForeignKey
	KindRenameConstraint
	KindSQL
	KindRun
	kinds // how many there are
)

// Kinds answers every kind there is.
func Kinds() []Kind {
	all := make([]Kind, kinds)
	for i := range all {
		all[i] = Kind(i)
	}
	return all
}
