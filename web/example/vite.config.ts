import { defineConfig } from "vite";

// An origin that `cargo dev` lets call it.
export default defineConfig({ server: { port: 5173, strictPort: true } });
