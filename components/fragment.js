// The live element: takes the painted screen over, node by node, and hands later ones to the page.
export default {
  render() {
    return Vue.h("div", { class: "zh-screen" });
  },
  mounted() {
    window.zhPortal.adopt(this.$el, (wish) => this.$emit("wish", wish));
  },
  methods: {
    show(number, address, title, html) {
      window.zhPortal.show(number, address, title, html);
    },
    refresh(address, html) {
      window.zhPortal.refresh(address, html);
    },
    leave(address) {
      window.zhPortal.leave(address);
    },
  },
};
