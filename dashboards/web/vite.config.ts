import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

// Two pages, served by the same server as /wall and /; their files lie under /assets.
export default defineConfig({
  base: "/",
  plugins: [vue()],
  define: { __VUE_OPTIONS_API__: "false" },
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: ["index.html", "wall.html"],
      output: { manualChunks: (id) => (id.includes("node_modules") ? "vue" : undefined) },
    },
  },
  // Only for work on the front end (`npm run dev`): the interface of a stack on its usual port.
  server: { proxy: { "/api": "http://127.0.0.1:8600", "/metrics": "http://127.0.0.1:8600" } },
});
