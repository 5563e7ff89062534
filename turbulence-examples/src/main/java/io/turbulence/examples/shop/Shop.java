package io.turbulence.examples.shop;

import java.io.IOException;
import java.util.List;

/// The shop as a program: `Shop --port 8080`.
public final class Shop {

    private Shop() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int at = List.of(arguments).indexOf("--port");
        ShopServer shop = ShopServer.start(at < 0 ? 8080 : Integer.parseInt(arguments[at + 1]));
        Runtime.getRuntime().addShutdownHook(new Thread(shop::close, "shop-close"));
        System.out.println("The shop is open on port " + shop.port());
        Thread.currentThread().join();
    }
}
