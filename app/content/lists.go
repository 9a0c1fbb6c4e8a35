package content

import "guestlist/app/text"

// Option is a choice in a drop-down list.
type Option struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

// choice is an Option in several languages.
type choice struct {
	value string
	label text.Translations
}

func newChoice(value, english, french string) choice {
	return choice{value, text.Translations{"en": english, "fr": french}}
}

type choices []choice

// in returns the options in the nearest language.
func (c choices) in(language string) []Option {
	options := make([]Option, len(c))
	for i, choice := range c {
		options[i] = Option{choice.value, choice.label.In(language)}
	}
	return options
}

// The values are those of the original program, whose data may contain them.
var (
	genders = choices{
		newChoice("male", "Male", "Homme"),
		newChoice("female", "Female", "Femme"),
		newChoice("other", "Another", "Autre"),
		newChoice("prefer_not_to_say", "I would rather not say", "Je préfère ne pas répondre"),
	}
	ethnicities = choices{
		newChoice("black", "Black", "Noir"),
		newChoice("coloured/mixed", "Mixed", "Métis"),
		newChoice("white", "White", "Blanc"),
		newChoice("indian", "Indian", "Indien"),
		newChoice("other", "Another", "Autre"),
	}
	disabilities = choices{
		newChoice("none", "None", "Aucun"),
		newChoice("sight", "Seeing", "Vue"),
		newChoice("hearing", "Hearing", "Ouïe"),
		newChoice("communication", "Communicating", "Communication"),
		newChoice("physical", "Moving, such as walking", "Mobilité, comme la marche"),
		newChoice("mental", "Remembering or concentrating", "Mémoire ou concentration"),
		newChoice("self-care", "Looking after oneself", "Soins personnels"),
		newChoice("other", "Another", "Autre"),
	}
)

// categories are numbers in the original: ids in a table that each installation fills. These values are this program's
// own.
var categories = choices{
	newChoice("undergraduate", "Undergraduate or honours student", "Étudiant de premier cycle"),
	newChoice("coding-academy", "Student of a coding school", "Élève d’une école de programmation"),
	newChoice("masters", "Master’s student", "Étudiant en master"),
	newChoice("phd", "Doctoral student", "Doctorant"),
	newChoice("postdoc", "Postdoctoral researcher", "Postdoctorant"),
	newChoice("academic", "Researcher or teacher at a university", "Enseignant-chercheur"),
	newChoice("industry", "Professional in industry", "Professionnel de l’industrie"),
	newChoice("mentor", "Mentor", "Mentor"),
	newChoice("other", "Another", "Autre"),
}

// titleTexts are both values and labels: an account stores the text that people read.
var titleTexts = map[string][]string{
	"en": {"Mr", "Mrs", "Ms", "Mx", "Dr", "Prof", "Hon"},
	"fr": {"M", "Mme", "Mlle", "Dr", "Prof"},
}

func titles(language string) (options []Option) {
	for _, title := range titleTexts[nearest(language)] {
		options = append(options, Option{title, title})
	}
	return options
}

// nearest returns the language of the lists nearest to language.
func nearest(language string) string { return text.Translations{"en": "en", "fr": "fr"}.In(language) }
