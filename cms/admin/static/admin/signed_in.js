/* A window that was opened to sign in beside a form has done its work. */
if (window.opener) window.close();
