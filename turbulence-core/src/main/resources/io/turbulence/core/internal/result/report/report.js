(function () {
  "use strict";
  var root = document.documentElement;
  var data = JSON.parse(document.getElementById("data").textContent);
  var charts = [];

  function colour(name) { return getComputedStyle(root).getPropertyValue("--" + name).trim(); }

  function remembered() { try { return localStorage.getItem("turbulence-theme"); } catch (e) { return null; } }
  function remember(theme) { try { localStorage.setItem("turbulence-theme", theme); } catch (e) { /* a file may have no storage */ } }

  function setTheme(theme) {
    root.dataset.theme = theme;
    var button = document.getElementById("theme");
    button.textContent = theme === "dark" ? "Light" : "Dark";
    button.setAttribute("aria-label", "Switch to the " + (theme === "dark" ? "light" : "dark") + " theme");
    draw();
  }

  function number(value) {
    if (value === null || value === undefined) return "–";
    return value.toLocaleString("en", { maximumFractionDigits: Math.abs(value) < 10 ? 2 : Math.abs(value) < 1000 ? 1 : 0 });
  }

  function time(seconds) {
    if (last() < 2) return Math.round(seconds * 1000) + " ms";
    var s = Math.round(seconds * 10) / 10;
    if (s < 60) return s + " s";
    var whole = Math.round(s);
    return Math.floor(whole / 60) + ":" + String(whole % 60).padStart(2, "0");
  }

  function series(label, values, name, more) {
    var c = colour(name);
    return Object.assign({
      label: label, data: values.map(function (y, i) { return { x: data.t[i], y: y }; }),
      borderColor: c, backgroundColor: c, borderWidth: 1.6, pointRadius: values.length < 3 ? 2 : 0, pointHitRadius: 8, spanGaps: true
    }, more || {});
  }

  function axis(title, more) {
    return Object.assign({
      grid: { color: colour("grid") }, border: { color: colour("line") },
      ticks: { color: colour("faint"), maxRotation: 0, font: { size: 11 } },
      title: { display: !!title, text: title, color: colour("faint"), font: { size: 11 } }
    }, more || {});
  }

  var select = {
    id: "select",
    beforeEvent: function (chart, args) {
      var e = args.event, area = chart.chartArea;
      if (!chart.options.plugins.select.on) return;
      if (e.type === "mousedown" && args.inChartArea) chart.$from = e.x;
      if (e.type === "mousemove" && chart.$from !== undefined) { chart.$to = Math.max(area.left, Math.min(area.right, e.x)); args.changed = true; }
      if (e.type === "mouseout") { chart.$from = chart.$to = undefined; args.changed = true; }
      if (e.type === "mouseup" && chart.$from !== undefined) {
        var from = chart.$from, to = chart.$to;
        chart.$from = chart.$to = undefined;
        if (to !== undefined && Math.abs(to - from) > 6) {
          var x = chart.scales.x;
          zoom(x.getValueForPixel(Math.min(from, to)), x.getValueForPixel(Math.max(from, to)));
        }
        args.changed = true;
      }
    },
    afterDraw: function (chart) {
      if (chart.$from === undefined || chart.$to === undefined) return;
      var area = chart.chartArea, c = chart.ctx;
      c.save(); c.globalAlpha = 0.18; c.fillStyle = colour("blue");
      c.fillRect(Math.min(chart.$from, chart.$to), area.top, Math.abs(chart.$to - chart.$from), area.bottom - area.top);
      c.restore();
    }
  };

  var range = null;
  function zoom(from, to) {
    range = from === undefined ? null : [from, to];
    charts.forEach(function (chart) {
      if (!chart.options.plugins.select.on) return;
      chart.options.scales.x.min = range ? range[0] : first();
      chart.options.scales.x.max = range ? range[1] : last();
      chart.update("none");
    });
    document.getElementById("reset").disabled = !range;
  }
  function first() { return 0; }
  function last() { return data.t.length ? data.t[data.t.length - 1] : 1; }
  function narrow(factor) {
    var from = range ? range[0] : first(), to = range ? range[1] : last();
    var middle = (from + to) / 2, half = (to - from) / 2 * factor;
    var a = Math.max(first(), middle - half), b = Math.min(last(), middle + half);
    if (a <= first() && b >= last()) zoom(); else zoom(a, b);
  }
  function shift(part) {
    if (!range) return;
    var by = (range[1] - range[0]) * part;
    if (range[0] + by < first() || range[1] + by > last()) return;
    zoom(range[0] + by, range[1] + by);
  }

  /* Buttons, so that lines can be chosen without a mouse and are read out. */
  function legend(canvas, chart) {
    var box = document.createElement("div");
    box.className = "legend";
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", "Lines shown");
    chart.data.datasets.forEach(function (set, i) {
      var button = document.createElement("button"), mark = document.createElement("i");
      button.type = "button";
      mark.style.borderTop = "3px " + (set.borderDash && set.borderDash.length ? "dashed" : "solid") + " " + set.borderColor;
      button.appendChild(mark);
      button.appendChild(document.createTextNode(set.label));
      button.setAttribute("aria-pressed", String(chart.isDatasetVisible(i)));
      button.addEventListener("click", function () {
        var on = !chart.isDatasetVisible(i);
        chart.setDatasetVisibility(i, on);
        chosen[canvas.id + "/" + set.label] = on;
        button.setAttribute("aria-pressed", String(on));
        chart.update("none");
      });
      box.appendChild(button);
    });
    var holder = canvas.parentNode, old = holder.nextElementSibling;
    if (old && old.className === "legend") old.remove();
    holder.insertAdjacentElement("afterend", box);
  }
  var chosen = {};
  function add(canvas, chart) {
    chart.data.datasets.forEach(function (set, i) {
      var on = chosen[canvas.id + "/" + set.label];
      if (on !== undefined) chart.setDatasetVisibility(i, on);
    });
    chart.update("none");
    legend(canvas, chart);
    charts.push(chart);
  }
  function keys(event) {
    var act = { "+": function () { narrow(0.5); }, "-": function () { narrow(2); }, "0": function () { zoom(); },
      ArrowLeft: function () { shift(-0.25); }, ArrowRight: function () { shift(0.25); } }[event.key];
    if (act && !event.ctrlKey && !event.metaKey && !event.altKey) { act(); event.preventDefault(); }
  }

  function curves(id, sets, yTitle, more) {
    var canvas = document.getElementById(id);
    if (!canvas) return;
    var scales = { x: axis("", { type: "linear", min: range ? range[0] : first(), max: range ? range[1] : last() }), y: axis(yTitle, { beginAtZero: true }) };
    scales.x.ticks.callback = time;
    if (more && more.second) scales.second = axis(more.second, { beginAtZero: true, position: "right", grid: { display: false } });
    if (more && more.stacked) scales.y.stacked = true;
    canvas.onkeydown = keys;
    add(canvas, new Chart(canvas, {
      type: "line", data: { datasets: sets }, plugins: [select],
      options: {
        animation: false, responsive: true, maintainAspectRatio: false, parsing: false, normalized: true,
        events: ["mousemove", "mouseout", "click", "touchstart", "touchmove", "mousedown", "mouseup"],
        interaction: { mode: "index", intersect: false }, scales: scales,
        plugins: {
          select: { on: true },
          legend: { display: false },
          tooltip: { callbacks: { title: function (items) { return items.length ? time(items[0].parsed.x) : ""; }, label: function (item) { return item.dataset.label + ": " + number(item.parsed.y); } } }
        }
      }
    }));
  }

  var palette = ["blue", "teal", "amber", "violet", "red", "good", "faint"];

  function percentileCurve() {
    var canvas = document.getElementById("c-percentiles");
    if (!canvas) return;
    var sets = data.curves.map(function (curve, i) {
      var c = colour(palette[i % palette.length]);
      return {
        label: curve.name, data: curve.points.map(function (p) { return { x: 1 / (1 - p[0] / 100), y: p[1] }; }), hidden: i >= 6,
        borderColor: c, backgroundColor: c, borderWidth: 1.6, pointRadius: 0, pointHitRadius: 8, borderDash: i >= palette.length ? [5, 3] : []
      };
    });
    var marks = [1, 2, 10, 100, 1000, 10000, 100000];
    var x = axis("percentile", { type: "logarithmic", min: 1 });
    x.afterBuildTicks = function (scale) { scale.ticks = marks.filter(function (m) { return m <= scale.max; }).map(function (m) { return { value: m }; }); };
    x.ticks.callback = function (v) { return { 1: "0", 2: "50", 10: "90", 100: "99", 1000: "99.9", 10000: "99.99", 100000: "99.999" }[v] || ""; };
    add(canvas, new Chart(canvas, {
      type: "line", data: { datasets: sets },
      options: {
        animation: false, responsive: true, maintainAspectRatio: false, parsing: false,
        interaction: { mode: "nearest", axis: "x", intersect: false },
        scales: { x: x, y: axis("ms", { beginAtZero: true }) },
        plugins: {
          select: { on: false },
          legend: { display: false },
          tooltip: { callbacks: {
            title: function (items) { return items.length ? "p" + number(100 - 100 / items[0].parsed.x) : ""; },
            label: function (item) { return item.dataset.label + ": " + number(item.parsed.y) + " ms"; } } }
        }
      }
    }));
  }

  function draw() {
    charts.forEach(function (chart) { chart.destroy(); });
    charts = [];
    if (typeof Chart === "undefined") return;
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    curves("c-rate", [
      series("instances per second", data.rate, "blue"),
      series("running", data.running, "violet", { yAxisID: "second", borderDash: [4, 3] })
    ], "per second", { second: "running" });
    curves("c-latency", [
      series("p50", data.p50, "teal"), series("p95", data.p95, "blue"), series("p99", data.p99, "amber"), series("max", data.max, "red", { hidden: true }),
      series("p99 from the scheduled start", data.scheduled, "violet", { borderDash: [4, 3] })
    ], "ms");
    curves("c-errors", [
      series("failed instances", data.failed, "red", { fill: true, backgroundColor: colour("bad-ground") }),
      series("failed actions", data.failedActions, "amber")
    ], "per second");
    data.pools.forEach(function (pool, i) {
      curves("c-pool-" + i, [
        series("in use", pool.inUse, "blue"), series("idle", pool.idle, "teal"), series("waiting", pool.waiting, "red"), series("opened so far", pool.opened, "faint", { borderDash: [4, 3] })
      ], "");
    });
    curves("c-steps", data.stepSeries.map(function (s, i) {
      return series(s.name, s.p95, palette[i % palette.length], { hidden: i >= 6, borderDash: i >= palette.length ? [5, 3] : [] });
    }), "ms");
    percentileCurve();
    root.dataset.charts = String(charts.length);
  }

  function sortable(table) {
    table.querySelectorAll("thead th").forEach(function (head, column) {
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.textContent = "";
      head.appendChild(button);
      button.addEventListener("click", function () {
        var down = head.getAttribute("aria-sort") !== "descending";
        table.querySelectorAll("thead th").forEach(function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        var body = table.tBodies[0];
        var rows = Array.prototype.slice.call(body.rows);
        rows.sort(function (a, b) {
          var x = value(a.cells[column]), y = value(b.cells[column]);
          var order = typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y));
          return down ? -order : order;
        });
        rows.forEach(function (row) { body.appendChild(row); });
      });
    });
  }
  function value(cell) {
    var sort = cell.dataset.sort;
    if (sort !== undefined) return parseFloat(sort);
    return cell.textContent.trim();
  }

  document.querySelectorAll("table.sortable").forEach(sortable);
  document.getElementById("theme").addEventListener("click", function () {
    var next = root.dataset.theme === "dark" ? "light" : "dark";
    remember(next);
    setTheme(next);
  });
  if (document.getElementById("reset")) {
    document.getElementById("reset").addEventListener("click", function () { zoom(); });
    document.getElementById("in").addEventListener("click", function () { narrow(0.5); });
    document.getElementById("out").addEventListener("click", function () { narrow(2); });
    document.getElementById("left").addEventListener("click", function () { shift(-0.5); });
    document.getElementById("right").addEventListener("click", function () { shift(0.5); });
  }
  var opened = [];
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details.kind:not([open])").forEach(function (d) { d.open = true; opened.push(d); });
    charts.forEach(function (chart) { chart.resize(); });
  });
  window.addEventListener("afterprint", function () { opened.forEach(function (d) { d.open = false; }); opened = []; });
  var preferred = remembered() || (window.matchMedia && matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  setTheme(preferred);
})();
