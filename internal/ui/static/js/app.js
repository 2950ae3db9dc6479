// The scripts of every page. Each stands alone; a page is whole without them.
import "./clock.js";
