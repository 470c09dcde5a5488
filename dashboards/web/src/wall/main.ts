import { createApp } from "vue";
import { language } from "../shared/language";
import "./wall.css";
import Wall from "./Wall.vue";

document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
createApp(Wall).mount("#wall");
