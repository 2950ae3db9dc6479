package registration

import (
	"io"

	"h48/internal/kit/i18n"
	"h48/internal/kit/sheet"
)

// writeFile writes the registrations in the reader's language.
func writeFile(w io.Writer, all []Registration, skills []Skill, l i18n.Locale) error {
	separator := ','
	if l.Lang == i18n.French {
		separator = ';'
	}
	file, err := sheet.NewWriter(w, separator)
	if err != nil {
		return err
	}
	if err := file.Write(l.T("registration.column.email"), l.T("registration.column.name"), l.T("registration.column.profile"),
		l.T("registration.column.trade"), l.T("registration.column.organisation"), l.T("registration.column.skills"), l.T("registration.column.photo"),
		l.T("registration.column.news"), l.T("registration.column.state"), l.T("registration.column.created")); err != nil {
		return err
	}
	for _, r := range all {
		photo, news := "", l.T("registration.no")
		if r.Photo != PhotoUnsaid {
			photo = l.T("registration.photo." + string(r.Photo) + ".short")
		}
		if r.News {
			news = l.T("registration.yes")
		}
		profile := ""
		if r.Profile != Unsaid {
			profile = l.T("registration.profile." + string(r.Profile))
		}
		if err := file.Write(r.Email, r.Name, profile, r.Trade, r.Organisation, r.Skills.Text(skills, l), photo, news,
			l.T("registration.state."+string(r.State)), r.Created.In(l.Zone()).Format("2006-01-02 15:04")); err != nil {
			return err
		}
	}
	return file.Flush()
}
