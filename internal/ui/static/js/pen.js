// A field to sign in. On [data-pen] a canvas takes strokes from a finger, a pen or a mouse;
// they go into its hidden input as "x,y x,y;x,y", in the canvas's own units.
for (const pen of document.querySelectorAll("[data-pen]")) {
	const canvas = pen.querySelector("canvas"), input = pen.querySelector("input"), paper = canvas.getContext("2d");
	let strokes = [], stroke = null;

	const at = (e) => {
		const box = canvas.getBoundingClientRect();
		const within = (n, most) => Math.min(Math.max(Math.round(n), 0), most);
		return [within((e.clientX - box.left) * canvas.width / box.width, canvas.width), within((e.clientY - box.top) * canvas.height / box.height, canvas.height)];
	};

	function draw() {
		paper.clearRect(0, 0, canvas.width, canvas.height);
		paper.strokeStyle = getComputedStyle(canvas).color;
		paper.lineWidth = 3;
		paper.lineCap = paper.lineJoin = "round";
		for (const points of strokes) {
			paper.beginPath();
			paper.moveTo(...points[0]);
			for (const p of points) paper.lineTo(...p);
			paper.stroke();
		}
		input.value = strokes.map((points) => points.map((p) => p.join(",")).join(" ")).join(";");
	}

	canvas.addEventListener("pointerdown", (e) => {
		canvas.setPointerCapture(e.pointerId);
		strokes.push((stroke = [at(e)]));
		draw();
	});
	canvas.addEventListener("pointermove", (e) => {
		if (!stroke || strokes.flat().length > 2900) return;
		const p = at(e), last = stroke[stroke.length - 1];
		if (Math.hypot(p[0] - last[0], p[1] - last[1]) < 3) return;
		stroke.push(p);
		draw();
	});
	for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => (stroke = null));
	pen.querySelector("[data-pen-clear]").addEventListener("click", () => {
		strokes = [];
		draw();
	});
}
