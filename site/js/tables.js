// Panel's script asks for Bokeh's table widgets, 300 kB that the lab never uses: hand it a module that has their place.
// The build puts this before panel.min.js.
Bokeh.register_plugin(
  {
    "no-tables"(require, module, exports, asModule) {
      asModule();
      exports.TableColumn = class TableColumn extends require("@bokehjs/model").Model {};
    },
  },
  "no-tables",
  { "models/widgets/tables/index": "no-tables" },
);
