import { defineConfig } from "astro/config";
export default defineConfig({ site: "https://bikes.example.org" });
