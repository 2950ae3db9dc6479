// Brings the search and the filters of the list of projects to life. Without script they
// are not shown, and the whole list is there.
(function () {
	"use strict";
	var form = document.querySelector("[data-finder]");
	if (!form) { return; }
	var fold = function (text) { return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase(); };
	var status = document.querySelector("[data-found]");
	var items = [].map.call(document.querySelectorAll(".works > li"), function (li) { return { li: li, text: fold(li.textContent) }; });
	var sections = [].slice.call(document.querySelectorAll("[data-edition]"));
	var says = function (li, name) { return name === "edition" ? li.closest("[data-edition]").dataset.edition : li.dataset[name]; };
	var show = function () {
		var words = fold(form.elements.q.value).split(/\s+/), left = 0;
		var chosen = [].filter.call(form.querySelectorAll("select"), function (one) { return one.value; });
		items.forEach(function (one) {
			var fits = words.every(function (word) { return one.text.includes(word); }) &&
				chosen.every(function (filter) { return says(one.li, filter.name) === filter.value; });
			one.li.hidden = !fits;
			left += fits ? 1 : 0;
		});
		sections.forEach(function (section) { section.hidden = !section.querySelector(".works > li:not([hidden])"); });
		status.textContent = left === items.length ? "" : left ? status.dataset.found.replace("{n}", left) : status.dataset.nothing;
	};
	form.addEventListener("input", show);
	form.addEventListener("reset", function () { setTimeout(show); }); // once the fields are empty
	form.addEventListener("submit", function (event) { event.preventDefault(); });
	form.hidden = false;
	show(); // a browser may have kept what was typed
})();
