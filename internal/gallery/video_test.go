package gallery

import "testing"

func TestVideoOf(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://www.youtube.com/watch?v=x":          "YouTube",
		"https://m.youtube.com/watch?v=x":            "YouTube",
		"https://youtu.be/x":                         "YouTube",
		"https://vimeo.com/123":                      "Vimeo",
		"https://dai.ly/x1":                          "Dailymotion",
		"https://tube.example.org/w/abc":             "tube.example.org",
		"https://tube.example.org/videos/watch/abc":  "tube.example.org",
		"https://films.example.org/notre-film.MP4":   "films.example.org",
		"https://www.youtube.com/":                   "",
		"https://maquette.example.org/w":             "",
		"https://youtube.com.evil.example/watch?v=x": "",
		"javascript:alert('https://youtu.be/x')":     "",
		"ftp://films.example.org/a.mp4":              "",
		"":                                           "",
	} {
		v, is := videoOf(address)
		if is != (want != "") || is && v.Site != want {
			t.Errorf("%s: %v %q, want %q", address, is, v.Site, want)
		}
	}
}
