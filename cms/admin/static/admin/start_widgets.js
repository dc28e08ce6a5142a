/*
 * Starts the parts of forms that need a script.
 *
 * Wagtail starts them by scripts in the page itself, which the content security policy forbids, for
 * it cannot tell them from what someone smuggled in. Here a <template> where such a script was says
 * what to start and with what. Nothing is started but what is named below.
 */
(() => {
  const CONSTRUCTED = [
    "Chooser",
    "DocumentChooser",
    "ImageChooser",
    "InlinePanel",
    "PageChooser",
    "SnippetChooser",
  ];
  const CALLED = ["createTaskChooser", "initDateChooser", "initDateTimeChooser", "initTimeChooser"];

  class Starter extends window.StimulusModule.Controller {
    static values = { name: String, with: Array };

    connect() {
      // It goes first: moving it with its row would start the same again.
      this.element.remove();
      if (CONSTRUCTED.includes(this.nameValue)) new window[this.nameValue](...this.withValue);
      if (CALLED.includes(this.nameValue)) window[this.nameValue](...this.withValue);
    }
  }

  window.wagtail.app.register("genedge-start", Starter);
})();
