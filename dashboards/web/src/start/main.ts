import { createApp } from "vue";
import { language } from "../shared/language";
import "./start.css";
import Start from "./Start.vue";

document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
createApp(Start).mount("#start");
