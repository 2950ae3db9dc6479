// Adds a search to the list of projects. Without script the whole list is there.
(function () {
	"use strict";
	var place = document.querySelector("[data-search]");
	if (!place) { return; }
	var fold = function (text) { return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase(); };
	var input = document.createElement("input");
	input.type = "search";
	input.placeholder = place.dataset.search;
	input.setAttribute("aria-label", place.dataset.search);
	var status = document.createElement("p");
	status.setAttribute("role", "status");
	var frame = document.createElement("div");
	frame.className = "search";
	frame.append(input);
	place.append(frame, status);
	var items = [].map.call(document.querySelectorAll(".works > li"), function (li) { return { li: li, text: fold(li.textContent) }; });
	input.addEventListener("input", function () {
		var words = fold(input.value).split(/\s+/), left = 0;
		items.forEach(function (one) {
			var fits = words.every(function (word) { return one.text.includes(word); });
			one.li.hidden = !fits;
			left += fits ? 1 : 0;
		});
		status.textContent = left ? "" : place.dataset.nothing;
	});
})();
