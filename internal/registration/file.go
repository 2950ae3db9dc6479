package registration

import (
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"h48/internal/account"
	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
	"h48/internal/kit/names"
	"h48/internal/kit/sheet"
)

// The columns of a file of registrations, as this room calls them.
const (
	colEmail   = "email"
	colName    = "name"
	colFirst   = "first_name"
	colLast    = "last_name"
	colProfile = "profile"
	colTrade   = "trade"
	colOrg     = "organisation"
	colSkills  = "skills"
	colMeals   = "meals"
	colNote    = "meal_note"
	colWith    = "with"
	colTheme   = "theme"
	colPhoto   = "photo"
	colNews    = "news"
	// skillPrefix begins the name of a column that holds the levels of one skill.
	skillPrefix = "skill:"
)

// fileColumns are the columns that a file may have; only the address must be there.
var fileColumns = []sheet.Column{
	{Name: colEmail, Titles: []string{"E-mail", "Courriel", "Adresse e-mail", "Adresse mail", "Adresse électronique", "Mail", "E-mail address", "Email address"}, Required: true},
	{Name: colName, Titles: []string{"Prénom et nom", "Nom et prénom", "Nom complet", "Full name", "Participant"}},
	{Name: colFirst, Titles: []string{"Prénom", "First name", "Given name", "Firstname"}},
	{Name: colLast, Titles: []string{"Nom", "Nom de famille", "Last name", "Surname", "Family name", "Lastname"}},
	{Name: colProfile, Titles: []string{"Profil", "Statut", "Vous êtes", "Profile", "Status", "You are"}},
	{Name: colTrade, Titles: []string{"Métier", "Profession", "Formation", "Fonction", "Métier ou études", "Trade", "Job", "Occupation", "Trade or studies"}},
	{Name: colOrg, Titles: []string{"Organisation", "Employeur", "Entreprise", "École", "Établissement", "Structure", "Employeur ou école", "Organization", "Company", "Employer", "School", "University", "Employer or school"}},
	{Name: colSkills, Titles: []string{"Compétences", "Skills"}},
	{Name: colMeals, Titles: []string{"Repas", "Régime", "Régime alimentaire", "Meals", "Diet", "Meal choice"}},
	{Name: colNote, Titles: []string{"Précision repas", "Autre repas", "Other diet", "Meal note"}},
	{Name: colWith, Titles: []string{"Avec", "Souhaite être avec", "Équipe souhaitée", "With", "Wishes to be with"}},
	{Name: colTheme, Titles: []string{"Thème", "Thème souhaité", "Theme", "Theme wish"}},
	{Name: colPhoto, Titles: []string{"Photo", "Photos", "Droit à l'image", "Pictures"}},
	{Name: colNews, Titles: []string{"Nouvelles", "Actualités", "Lettre d'information", "Newsletter", "News"}},
}

// Candidate is a line of a file as it will be.
type Candidate struct {
	Line  int
	Email string
	Answers
	// Filled names the columns in which the line says something; the others leave a
	// registration that is there already as it is.
	Filled []string
}

// Mapping is what a column of the file becomes.
type Mapping struct {
	Title string
	// Column is "" for a column that is left out.
	Column string
	// Skill is the skill whose levels the column holds.
	Skill Skill
}

// parsed is a file that was read but not imported.
type parsed struct {
	Mapping    []Mapping
	Candidates []Candidate
	Problems   []sheet.Problem
}

// readFile reads a file of registrations: what each column becomes, each line as it will
// be, and every line that cannot be taken, with the reason.
func readFile(r io.Reader, skills []Skill, locales []i18n.Locale) (parsed, error) {
	columns := slices.Clone(fileColumns)
	for _, s := range skills {
		column := sheet.Column{Name: skillPrefix + s.Key}
		for _, l := range locales {
			column.Titles = append(column.Titles, s.Name(l))
		}
		columns = append(columns, column)
	}
	file, err := sheet.Read(r, columns)
	if err != nil {
		return parsed{}, err
	}
	p := reader{sheet: &file, skills: skills, locales: locales, first: map[string]int{}}
	var result parsed
	for _, line := range file.Lines {
		if c, ok := p.candidate(line); ok {
			result.Candidates = append(result.Candidates, c)
		}
	}
	slices.SortStableFunc(file.Problems, func(a, b sheet.Problem) int { return a.Line - b.Line })
	result.Problems, result.Mapping = file.Problems, mapping(&file, columns, skills)
	return result, nil
}

// mapping says what became of each title of the file.
func mapping(file *sheet.Sheet, columns []sheet.Column, skills []Skill) []Mapping {
	var all []Mapping
	for _, c := range columns {
		title, there := file.Title(c.Name)
		if !there {
			continue
		}
		m := Mapping{Title: title, Column: c.Name}
		if key, ok := strings.CutPrefix(c.Name, skillPrefix); ok {
			m.Column = colSkills
			m.Skill = skills[slices.IndexFunc(skills, func(s Skill) bool { return s.Key == key })]
		}
		all = append(all, m)
	}
	for _, title := range file.Ignored {
		all = append(all, Mapping{Title: title})
	}
	return all
}

// reader turns the lines of one file into candidates.
type reader struct {
	sheet   *sheet.Sheet
	skills  []Skill
	locales []i18n.Locale
	first   map[string]int // the line on which an address stands first
}

// candidate reads a line; what is wrong with it is noted in the sheet, all of it.
func (p *reader) candidate(line sheet.Line) (Candidate, bool) {
	before := len(p.sheet.Problems)
	c := Candidate{Line: line.Number}
	p.email(&c, line)
	p.name(&c, line)
	p.choices(&c, line)
	p.levels(&c, line)
	for _, text := range []struct {
		column string
		into   *string
	}{{colTrade, &c.Trade}, {colOrg, &c.Organisation}, {colNote, &c.MealNote}, {colWith, &c.With}, {colTheme, &c.Theme}} {
		if cell := line.Cell(text.column); cell != "" {
			*text.into = cell
			c.Filled = append(c.Filled, text.column)
		}
	}
	if c.Name != "" {
		var f errs.Fields
		c.check(&f)
		for _, wrong := range f {
			p.sheet.Refuse(line, wrong.Name, wrong.Key, wrong.Args...)
		}
	}
	return c, len(p.sheet.Problems) == before
}

func (p *reader) email(c *Candidate, line sheet.Line) {
	email, key, ok := account.ParseEmail(line.Cell(colEmail))
	if !ok {
		p.sheet.Refuse(line, colEmail, "account.email_wrong")
		return
	}
	if first, twice := p.first[key]; twice {
		p.sheet.Refuse(line, colEmail, "registration.file.twice", "line", first)
		return
	}
	p.first[key], c.Email = line.Number, email
}

// name takes the whole name, or puts it together from its two halves.
func (p *reader) name(c *Candidate, line sheet.Line) {
	c.Name = strings.Join(strings.Fields(line.Cell(colName)), " ")
	if c.Name == "" {
		c.Name = strings.Join(strings.Fields(line.Cell(colFirst)+" "+line.Cell(colLast)), " ")
	}
	if c.Name == "" {
		p.sheet.Refuse(line, colName, "sheet.cell_missing")
		return
	}
	c.Filled = append(c.Filled, colName)
}

func (p *reader) choices(c *Candidate, line sheet.Line) {
	if cell := line.Cell(colProfile); cell != "" {
		c.Filled = append(c.Filled, colProfile)
		profile, ok := oneOf(cell, profileWords)
		if !ok {
			p.sheet.Refuse(line, colProfile, "registration.file.profile", "cell", cell)
		}
		c.Profile = profile
	}
	if cell := line.Cell(colPhoto); cell != "" {
		c.Filled = append(c.Filled, colPhoto)
		photo, ok := oneOf(cell, photoWords)
		if !ok {
			p.sheet.Refuse(line, colPhoto, "registration.file.photo", "cell", cell)
		}
		c.Photo = photo
	}
	if cell := line.Cell(colNews); cell != "" {
		c.Filled = append(c.Filled, colNews)
		news, ok := oneOf(cell, newsWords)
		if !ok {
			p.sheet.Refuse(line, colNews, "registration.file.yes_no", "cell", cell)
		}
		c.News = news
	}
	for part := range strings.FieldsFuncSeq(line.Cell(colMeals), func(c rune) bool { return strings.ContainsRune(",;|+", c) }) {
		meal, ok := oneOf(part, p.mealWords())
		if !ok {
			p.sheet.Refuse(line, colMeals, "registration.file.meal", "cell", strings.TrimSpace(part))
		}
		c.Meals = append(c.Meals, meal)
	}
	if c.Meals = knownMeals(c.Meals); len(c.Meals) > 0 {
		c.Filled = append(c.Filled, colMeals)
	}
}

// levels reads the one column of all skills and the columns of one skill each.
func (p *reader) levels(c *Candidate, line sheet.Line) {
	levels, wrong := parseLevels(line.Cell(colSkills), p.skills, p.locales)
	if wrong != "" {
		p.sheet.Refuse(line, colSkills, "registration.file.skill", "cell", wrong)
	}
	said := line.Cell(colSkills) != ""
	for _, s := range p.skills {
		cell := line.Cell(skillPrefix + s.Key)
		if cell == "" {
			continue
		}
		said = true
		level, err := strconv.Atoi(cell)
		if err != nil || level < 0 || level > MostLevel {
			p.sheet.Refuse(line, skillPrefix+s.Key, "registration.file.level", "cell", cell, "most", MostLevel)
			continue
		}
		levels = levels.merged(Levels{s.Key: level})
	}
	if c.Skills = levels.of(p.skills); said {
		c.Filled = append(c.Filled, colSkills)
	}
}

// profileWords, photoWords and newsWords are what people write in a cell, folded.
var (
	profileWords = map[string]Profile{
		"student": Student, "etudiant": Student, "etudiante": Student, "etudiant e": Student, "eleve": Student, "apprenti": Student,
		"professional": Professional, "professionnel": Professional, "professionnelle": Professional,
		"professionnel le": Professional, "pro": Professional, "salarie": Professional, "salariee": Professional, "employee": Professional,
		"other": OtherProfile, "autre": OtherProfile, "not said": Unsaid, "non precise": Unsaid,
	}
	photoWords = map[string]Photo{
		"yes": PhotoYes, "oui": PhotoYes, "x": PhotoYes, "1": PhotoYes,
		"group": PhotoGroup, "group only": PhotoGroup, "groupe": PhotoGroup, "en groupe": PhotoGroup, "groupe seulement": PhotoGroup,
		"no": PhotoNo, "non": PhotoNo, "0": PhotoNo,
	}
	newsWords = map[string]bool{"yes": true, "oui": true, "x": true, "1": true, "true": true, "vrai": true,
		"no": false, "non": false, "0": false, "false": false, "faux": false}
)

// mealWords are the choices' own words, in every language.
func (p *reader) mealWords() map[string]Meal {
	words := map[string]Meal{"tout": Omnivore, "vege": Vegetarian, "vegetarienne": Vegetarian, "vegetalien": Vegan, "gluten": GlutenFree}
	for _, meal := range Meals {
		words[names.Fold(string(meal))] = meal
		for _, l := range p.locales {
			words[names.Fold(l.T("registration.meal."+string(meal)))] = meal
		}
	}
	return words
}

// oneOf finds what the cell says among the words.
func oneOf[T any](cell string, words map[string]T) (T, bool) {
	v, ok := words[names.Fold(cell)]
	return v, ok
}

// over returns what a registration that is there becomes: the line's answers where the
// line says something, and its own elsewhere.
func (c Candidate) over(old Answers) Answers {
	for _, column := range c.Filled {
		switch column {
		case colName:
			old.Name = c.Name
		case colProfile:
			old.Profile = c.Profile
		case colTrade:
			old.Trade = c.Trade
		case colOrg:
			old.Organisation = c.Organisation
		case colSkills:
			old.Skills = c.Skills
		case colMeals:
			old.Meals = c.Meals
		case colNote:
			old.MealNote = c.MealNote
		case colWith:
			old.With = c.With
		case colTheme:
			old.Theme = c.Theme
		case colPhoto:
			old.Photo = c.Photo
		case colNews:
			old.News = c.News
		}
	}
	return old
}

// same says whether the answers say the same.
func (a Answers) same(b Answers) bool {
	return a.Name == b.Name && a.Profile == b.Profile && a.Trade == b.Trade && a.Organisation == b.Organisation && maps.Equal(a.Skills, b.Skills) &&
		slices.Equal(a.Meals, b.Meals) && a.MealNote == b.MealNote && a.With == b.With && a.Theme == b.Theme &&
		a.Photo == b.Photo && a.News == b.News
}
